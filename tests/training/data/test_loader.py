"""The loader keeps order, draws ahead, passes errors on and closes at once."""

import threading
import time

import pytest

from impasto.training.data.loader import Loader


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_items_come_in_order_from_the_first(workers: int) -> None:
    def draw(step: int) -> int:
        time.sleep(0.002 * (step % 3))  # later ones are often ready earlier
        return step

    with Loader(draw, 5, workers=workers, ahead=4) as loader:
        assert [next(loader) for _ in range(20)] == list(range(5, 25))


def test_it_draws_ahead_but_not_further() -> None:
    drawn: list[int] = []
    with Loader(drawn.append, 0, workers=1, ahead=3) as loader:
        next(loader)
        deadline = time.monotonic() + 5
        while len(drawn) < 4 and time.monotonic() < deadline:
            time.sleep(0.001)
        assert drawn == [0, 1, 2, 3]


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_comes_at_its_place(workers: int) -> None:
    def draw(step: int) -> int:
        if step == 2:
            raise ValueError("the third")
        return step

    with Loader(draw, 0, workers=workers, ahead=4) as loader:
        assert [next(loader), next(loader)] == [0, 1]
        with pytest.raises(ValueError, match="the third"):
            next(loader)


def test_closing_does_not_wait_for_what_is_being_drawn() -> None:
    go_on, drawing = threading.Event(), threading.Event()

    def draw(step: int) -> int:
        if step:
            drawing.set()
            go_on.wait(30)
        return step

    loader = Loader(draw, 0, workers=1, ahead=2)
    next(loader)
    drawing.wait(30)
    loader.close()
    assert not go_on.is_set()
    go_on.set()


def test_time_waited_is_counted() -> None:
    with Loader(lambda _: time.sleep(0.02), 0, workers=1, ahead=1) as loader:
        for _ in range(3):
            next(loader)
    assert loader.waited >= 0.05


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("count", [0, 1, 10])
def test_it_may_have_an_end(workers: int, count: int) -> None:
    with Loader(str, 0, count, workers=workers, ahead=3) as loader:
        assert list(loader) == [str(i) for i in range(count)]
