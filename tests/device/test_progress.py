"""Events of counted work: one for each item, the last one with nothing left."""

from impasto.device.progress import Progress, counted


def test_every_item_is_counted_as_it_comes() -> None:
    events: list[Progress] = []
    seen = [(item, len(events)) for item in counted("abc", 5, "look", events.append, done=2)]
    assert seen == [("a", 1), ("b", 2), ("c", 3)]
    assert [(event.kind, event.step, event.total) for event in events] == [
        ("look", 3, 5), ("look", 4, 5), ("look", 5, 5)
    ]  # fmt: skip
    assert events[-1].eta_s == 0 and all(event.eta_s >= 0 for event in events)


def test_nobody_needs_to_listen() -> None:
    assert list(counted([1, 2], 2, "look", None)) == [1, 2]
