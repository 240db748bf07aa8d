"""The image is built from what is there, holds little, and starts with a token."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from impasto.settings.fields import settings_of
from impasto.settings.server import ServerSettings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
UNIT = (ROOT / "deploy" / "impasto.service").read_text()
SERVERS = [name for name in COMPOSE["services"] if name.startswith("impasto")]
# Variables of the server that are no settings: where a user's data lie, and the token.
OTHERS = {"IMPASTO_TOKEN", "IMPASTO_TOKEN_FILE", "IMPASTO_HOME", "IMPASTO_CACHE"}
# Variables of compose.yaml alone.
OF_COMPOSE = {
    "IMPASTO_PUBLISH",
    "IMPASTO_PUBLISH_CUDA",
    "IMPASTO_MEM_LIMIT",
    "IMPASTO_MEM_LIMIT_CUDA",
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_the_dockerfile_passes_its_linter() -> None:
    done = run(str(Path(sys.executable).with_name("hadolint")), str(ROOT / "Dockerfile"))
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("target", ["cpu", "cuda", "lambda"])
def test_no_target_runs_as_root_or_with_the_tools_it_was_built_with(target: str) -> None:
    stages = re.findall(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, re.MULTILINE)
    bases = {name: base for base, name in stages}
    texts = re.split(r"^FROM \S+ AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)[1:]
    parts = dict(zip(texts[::2], texts[1::2], strict=True))
    chain = [target]
    while bases[chain[-1]] in bases:
        chain.append(bases[chain[-1]])
    whole = "".join(parts[name] for name in chain)
    assert "USER 10001:10001" in whole
    assert "build" not in chain
    assert "apt-get" not in whole


def test_what_is_copied_is_sent_to_the_builder() -> None:
    sent = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        copied |= {word for word in line.split()[:-1] if not word.startswith("--")}
    assert copied == sent
    assert all((ROOT / name).exists() for name in sent)


def test_every_variable_is_one_of_the_server() -> None:
    settings = {f"IMPASTO_{one.name.upper()}" for one in settings_of(ServerSettings)}
    places = [ROOT / "compose.yaml", ROOT / "Dockerfile", *(ROOT / "deploy").rglob("*")]
    texts = "\n".join(path.read_text() for path in places if path.is_file())
    named = set(re.findall(r"\bIMPASTO_[A-Z]+(?:_[A-Z]+)*\b", texts))
    assert named <= settings | OTHERS | OF_COMPOSE


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_container_may_do_little_and_is_reached_from_this_machine_alone(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "privileged" not in service and "cap_add" not in service


def test_compose_builds_targets_that_are_there_and_mounts_files_that_are_there() -> None:
    for service in COMPOSE["services"].values():
        if "build" in service:
            assert f" AS {service['build']['target']}\n" in DOCKERFILE
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists()
    assert [name for name, one in COMPOSE["services"].items() if "profiles" not in one] == [
        "impasto"
    ]


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """A folder for the entrypoint, with an impasto that tells what it was started with."""
    (tmp_path / "impasto").write_text('#!/bin/sh\necho "$IMPASTO_TOKEN|$*"\n')
    (tmp_path / "impasto").chmod(0o755)
    (tmp_path / "python").symlink_to(sys.executable)
    return tmp_path


def enter(start: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment |= {"PATH": f"{start}:/usr/bin:/bin", "IMPASTO_TOKEN_FILE": str(start / "token")}
    return run("sh", str(ROOT / "deploy" / "entrypoint.sh"), *words, **environment)


def test_a_container_makes_a_token_once(start: Path) -> None:
    first = enter(start, "serve", IMPASTO_TOKEN="")
    token = (start / "token").read_text().strip()
    assert first.stdout == f"{token}|serve\n" and len(token) > 30
    assert f"#token={token}" in first.stderr
    assert (start / "token").stat().st_mode & 0o077 == 0
    again = enter(start, "serve", IMPASTO_TOKEN="")
    assert (again.stdout, again.stderr) == (first.stdout, "")


def test_a_container_takes_the_token_that_is_given(start: Path) -> None:
    assert enter(start, "serve", IMPASTO_TOKEN="mine-and-long").stdout == "mine-and-long|serve\n"
    assert not (start / "token").exists()
    (start / "token").write_text("of-a-secret-file\n")
    assert enter(start, "serve", IMPASTO_TOKEN="").stdout == "of-a-secret-file|serve\n"


def test_other_commands_need_no_token(start: Path) -> None:
    assert (
        enter(start, "tokens", "add", "a name", IMPASTO_TOKEN="").stdout == "|tokens add a name\n"
    )
    assert not (start / "token").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "impasto.service"
    unit.write_text(UNIT.replace("/opt/impasto/bin/impasto", "/bin/true"))
    done = run("systemd-analyze", "verify", "--man=no", str(unit))
    assert "impasto.service" not in done.stderr
    assert done.returncode == 0
