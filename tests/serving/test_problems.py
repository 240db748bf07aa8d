"""What clients are told of errors."""

import pytest

from impasto import errors
from impasto.errors import ImpastoError, NotAPicture, SettingError, UnknownStyle
from impasto.serving.problems import KINDS, TITLES, TYPE, Problem, for_client, problem_of
from impasto.serving.workers.base import OutOfMemory, OutOfTime, Refused, WorkerLost


def test_words_of_other_libraries_are_not_told() -> None:
    told = problem_of(ValueError("cannot identify <_io.BytesIO object at 0x7f51>")).to_json("id")
    assert told == {
        "type": TYPE + "internal-error",
        "title": "Something went wrong here",
        "status": 500,
        "instance": "id",
    }


def test_our_own_words_are_told_without_flags_commands_and_paths() -> None:
    assert for_client("--color-strength must be at most 1") == "color_strength must be at most 1"
    assert for_client('There is no style "a". See all names with: impasto styles') == (
        'There is no style "a".'
    )
    assert for_client('"/srv/jobs/1/photo.jpg" cannot be read.') == "the file cannot be read."
    assert for_client("/v1/styles lists them.") == "/v1/styles lists them."


@pytest.mark.parametrize(
    ("error", "name", "status"),
    [
        (UnknownStyle("no"), "unknown-style", 404),
        (SettingError("no"), "setting-error", 422),
        (NotAPicture("no"), "not-a-picture", 415),
        (OutOfTime(), "out-of-time", 504),
        (OutOfMemory(), "out-of-memory", 507),
        (WorkerLost(), "worker-lost", 500),
        (Problem("queue-full"), "queue-full", 429),
    ],
)
def test_each_kind_has_a_name_and_a_status(error: Exception, name: str, status: int) -> None:
    told = problem_of(error).to_json()
    assert (told["type"], told["status"]) == (TYPE + name, status)


def test_errors_of_the_inside_are_told_by_their_kind_alone() -> None:
    told = problem_of(errors.ModelError("The model /home/anna/x lacks paint.onnx.")).to_json()
    assert "detail" not in told and told["title"] == "The model cannot be used"


def test_what_a_worker_refused_is_told_as_it_said() -> None:
    problem = UnknownStyle('There is no style "x-y".')
    told = problem_of(Refused(problem_of(problem).to_json())).to_json()
    assert told == problem_of(problem).to_json()


def test_every_error_of_ours_has_a_title() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    ours = {kind.__name__ for kind in kinds if issubclass(kind, ImpastoError)} - {"ImpastoError"}
    assert ours <= TITLES.keys()


def test_names_are_kebab_case_and_statuses_are_errors() -> None:
    assert all(name == name.lower() and "_" not in name for name in KINDS)
    assert all(400 <= status < 600 for status, _ in KINDS.values())
