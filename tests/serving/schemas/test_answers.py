"""Answers are spelled alike, whoever writes them."""

from impasto.serving.jobs.job import Job
from impasto.serving.schemas.answers import JobAnswer, job_json


def test_times_have_one_form_whether_a_model_writes_them_or_not() -> None:
    for created in (1735689600.0, 1735689600.123456):
        told = job_json(Job("one", "stylization", {}, created=created))
        assert told["created"].endswith("Z")
        assert JobAnswer.model_validate(told).model_dump(mode="json")["created"] == told["created"]
