"""Uses the generated Python client: python use_python.py URL PHOTO; run by test_clients.py."""

import io
import sys
import time

from impasto_client import Client
from impasto_client.api.assets import add_asset
from impasto_client.api.jobs import get_job, get_output, list_jobs
from impasto_client.api.stylizations import create_stylization, put_stylization
from impasto_client.models import AddAssetFilesBody, JobAnswer, Problem, Stylization
from impasto_client.models.stylization_form import StylizationForm
from impasto_client.types import File

url, photo = sys.argv[1:]
client = Client(base_url=url, headers={"Accept": "application/json"}, timeout=60)


def file() -> File:
    return File(payload=io.BytesIO(open(photo, "rb").read()), file_name="photo.jpg")


asset = add_asset.sync(client=client, body=AddAssetFilesBody(file=file()))
body = Stylization(content=asset.id, style="starry-night", strength=0.8)
job = create_stylization.sync(client=client, body=body)
assert isinstance(job, JobAnswer) and job.state == "starting", job
while (job := get_job.sync(job.id, client=client)).ended is None:
    time.sleep(0.1)
assert job.state == "succeeded" and job.request["strength"] == 0.8, job
assert get_output.sync_detailed(job.id, client=client).content[:2] == b"\xff\xd8"
form = StylizationForm(content=file(), style=["starry-night", "great-wave:0.5"])
waited = put_stylization.sync("mine", client=client, body=form, prefer="wait=60")
assert isinstance(waited, JobAnswer) and waited.state == "succeeded", waited
wrong = create_stylization.sync(client=client, body=Stylization(content=asset.id, style="x-y"))
assert isinstance(wrong, Problem) and wrong.status == 404, wrong
assert len(list_jobs.sync(client=client).jobs) == 2
