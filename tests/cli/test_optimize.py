"""`impasto optimize` and `impasto steer`: paint, stop, continue, change; what is refused."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from impasto.cli.app import main
from impasto.cli.show import Shown
from impasto.device.progress import Progress
from impasto.features.embedded import EmbeddedNetwork
from impasto.methods.optimize.control import Control, Watch
from impasto.provenance.disclosure import read_disclosure
from impasto.weights.runs import RunFolder

Capture = pytest.CaptureFixture[str]
Pixels = npt.NDArray[np.float32]
AtStep = Callable[..., None]
RUN = Path("out.png.run")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Random weights of the embedded encoder."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = EmbeddedNetwork()
    path = tmp_path_factory.mktemp("encoder") / "encoder.safetensors"
    save_file(network.state_dict(), path)
    return str(path)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photo: Pixels) -> Iterator[Path]:
    """A folder with a photo and a painting, in which we stand; the disk is not waited for."""
    pixels = (photo * 255).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    Image.fromarray(pixels[::-1, :, ::-1].copy()).save(tmp_path / "painting.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda file: None)
    threads = torch.get_num_threads()
    yield tmp_path
    torch.set_num_threads(threads)


@pytest.fixture
def words(weights: str) -> list[str]:
    """A command that paints a small picture in few steps."""
    style = ["--style", "painting.png", "--criterion", "moments", "--weights", weights]
    small = ["--size", "48", "--steps", "4", "--precision", "f32", "--threads", "1"]
    return ["optimize", "photo.png", *style, *small, "-o", "out.png"]


@pytest.fixture
def at_step(monkeypatch: pytest.MonkeyPatch) -> AtStep:
    """Do something when a step is shown, and the next thing when it is shown again."""
    show = Shown.__call__

    def when(step: int, *acts: Callable[[], None]) -> None:
        left = iter(acts)

        def shown(self: Shown, event: Progress) -> None:
            show(self, event)
            if event.kind == "step" and event.step == step:
                next(left, lambda: None)()

        monkeypatch.setattr(Shown, "__call__", shown)

    return when


def read(path: str) -> npt.NDArray[np.uint8]:
    """Return the pixels of a file."""
    with Image.open(path) as image:
        return np.asarray(image)


def interrupt() -> None:
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def test_a_picture_is_painted_signed_and_its_run_is_gone(words: list[str], capsys: Capture) -> None:
    assert main(words) == 0
    shown = capsys.readouterr()
    assert shown.out == "out.png\n"
    assert f"live preview: {RUN / 'preview.jpg'}" in shown.err
    assert read("out.png").shape == (36, 48, 3)
    told = read_disclosure(Path("out.png"))
    assert told is not None and told["settings"]["method"] == "optimize"
    assert not RUN.exists()


def test_what_is_stopped_and_continued_is_as_if_it_had_not_been(
    words: list[str], at_step: AtStep, capfd: Capture
) -> None:
    assert main(words[:-2]) == 0
    at_step(3, interrupt)
    assert main(words) == 130
    said = capfd.readouterr().err
    assert "stopping after this step" in said
    continued = "optimize photo.png -o out.png --resume"
    assert said.endswith(f"impasto: stopped; continue with: impasto {continued}\n")
    assert main(words) == 4  # the run is not lost by the same words again
    assert "--resume" in capfd.readouterr().err
    assert main([*words, "--strength", "60", "--resume"]) == 2  # another one than was begun
    assert main(continued.split()) == 0
    assert (read("out.png") == read("photo.painting.png")).all()
    assert not RUN.exists()


def test_a_polite_kill_is_heard_and_a_second_one_ends_at_once(
    words: list[str], at_step: AtStep, capfd: Capture
) -> None:
    def twice() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    at_step(2, twice)
    assert main(words) == 130
    assert "continue with" in capfd.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_of_another_version_is_kept_unless_begun_anew(
    words: list[str], at_step: AtStep, capsys: Capture
) -> None:
    at_step(2, interrupt)
    main(words)
    index = RUN / "state" / "last.json"
    index.write_text(index.read_text().replace("optimize-run/1", "optimize-run/9"))
    assert main([*words, "--resume"]) == 2
    assert "of another version" in capsys.readouterr().err
    assert index.exists()
    with (RUN / "settings.toml").open("a") as file:
        file.write("brushes = 3\n")
    assert main([*words, "--resume"]) == 2
    assert "of another version" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == 0


def test_a_run_at_work_is_left_alone(words: list[str], capsys: Capture) -> None:
    with RunFolder(RUN).held():
        (RUN / "settings.toml").touch()
        for more in ([], ["--resume"], ["--overwrite"]):
            assert main([*words, *more]) == 4
            assert "another process" in capsys.readouterr().err
        assert (RUN / "settings.toml").exists()


def test_resume_without_a_run_begins(words: list[str], capsys: Capture) -> None:
    assert main([*words, "--resume"]) == 0
    assert f"nothing to continue in {RUN}" in capsys.readouterr().err
    assert main(["optimize", "photo.png", "-o", "b.png", "--resume"]) == 2
    assert 'no run "b.png.run" to continue' in capsys.readouterr().err


def test_a_named_run_folder_stays_without_its_state(words: list[str], capsys: Capture) -> None:
    assert main([*words, "--run", "kept"]) == 0
    assert not Path("kept/state").exists()
    assert Path("kept/preview.jpg").exists()
    capsys.readouterr()
    assert main(["steer", "kept"]) == 0
    assert "step 4 of 4, 48 pixels" in capsys.readouterr().out


def test_a_folder_of_something_else_is_not_touched(words: list[str], capsys: Capture) -> None:
    Path("mine").mkdir()
    Path("mine/preview.jpg").write_text("mine")
    for more in ([], ["--overwrite"], ["--resume"]):
        assert main([*words, "--run", "mine", *more]) == 2
        assert "no run" in capsys.readouterr().err
    Path("mine/settings.toml").write_text('data = "pictures"\n')
    assert main([*words, "--run", "mine", "--overwrite"]) == 2
    assert "Name another folder" in capsys.readouterr().err
    assert Path("mine/preview.jpg").read_text() == "mine"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--style-layers", "relu3_5"], 2, 'Did you mean "relu3_4"?'),
        (["--encoder", "embeded"], 2, 'Did you mean "embedded"?'),
        (["--strength", "120"], 2, "between 0 and 100"),
        (["--time", "soon"], 2, "90s"),
        (["--style", "stary-night"], 2, 'Did you mean "starry-night"?'),
        (["--format", "png"], 2, "--output names it"),
        (["-o", "nowhere/out.png"], 4, "mkdir -p"),
        (["-o", "out.xyz"], 4, '".xyz"'),
        (["-o", "photo.png"], 2, "one of the pictures"),
        (["--init", "nothing.png"], 3, "nothing.png"),
        (["--device", "tpu"], 6, "tpu"),
    ],
)
def test_bad_words_are_named_and_leave_nothing(
    words: list[str], more: list[str], code: int, said: str, place: Path, capsys: Capture
) -> None:
    before = sorted(place.iterdir())
    assert main([*words, *more]) == code
    assert said in capsys.readouterr().err
    assert sorted(place.iterdir()) == before


def test_what_is_there_is_not_replaced(words: list[str], capsys: Capture) -> None:
    Path("out.png").write_text("mine")
    assert main(words) == 4
    assert Path("out.png").read_text() == "mine"
    assert main([*words, "--overwrite"]) == 0
    assert main(["optimize", ".", "--style", "painting.png"]) == 2
    assert "is a folder" in capsys.readouterr().err


def steer(*options: str) -> None:
    """Steer the run, by the name of its picture."""
    assert main(["steer", "out.png", *options]) == 0


def test_steering_stops_with_a_picture(words: list[str], at_step: AtStep, capsys: Capture) -> None:
    at_step(2, lambda: steer("--stop"))
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert f"{RUN}: step 2 of 4, 48 pixels" in shown
    assert "stops and writes its picture" in shown
    assert read("out.png").shape == (36, 48, 3)
    assert not RUN.exists()


def test_steering_adds_to_what_was_said(capsys: Capture) -> None:
    RUN.mkdir()
    (RUN / "settings.toml").touch()
    steer("--strength", "70", "--pause")
    steer("--continue")
    assert Watch(RUN).look() == Control(strength=70)
    assert "no step is done yet" in capsys.readouterr().out
    assert main(["steer", "out.png", "--strength", "120"]) == 2
    assert "between 0 and 100" in capsys.readouterr().err
    assert Watch(RUN).look() == Control(strength=70)


def test_a_paused_run_can_be_stopped_and_goes_on_when_resumed(
    words: list[str], at_step: AtStep
) -> None:
    at_step(2, lambda: steer("--pause"), interrupt)
    assert main(words) == 130
    assert main(["optimize", "photo.png", "-o", "out.png", "--resume"]) == 0


def test_what_is_no_run_cannot_be_steered(capsys: Capture) -> None:
    assert main(["steer", "."]) == 2
    assert 'no run "."' in capsys.readouterr().err
    assert main(["steer", "out.png"]) == 2
    assert 'no run "out.png"' in capsys.readouterr().err
    assert main(["steer", "photo.png"]) == 2
    assert '"photo.png" is finished, or another picture' in capsys.readouterr().err


def test_pipes_go_in_and_out(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    photo = io.BytesIO(Path("photo.png").read_bytes())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(photo))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written))
    assert main(["optimize", "-", *words[2:-2]]) == 0
    with Image.open(io.BytesIO(written.getvalue())) as image:
        assert image.size == (48, 36)


def test_the_missing_extra_is_named_before_anything_else() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from impasto.cli.app import main; sys.exit(main(['optimize', 'gone.png']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 6
    assert 'Optimization needs an optional part. Install it: pip install "impasto[train]"' in (
        done.stderr
    )
