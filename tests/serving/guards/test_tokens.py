"""Tokens: kept as hashes, with quotas, and worth nothing once removed."""

import stat
from contextlib import closing
from pathlib import Path

import pytest

from impasto.errors import UsageError
from impasto.serving.guards.tokens import FILE, Grant, Tokens, from_environment


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    """The tokens of an empty folder."""
    return Tokens(tmp_path / FILE)


def test_nothing_is_written_before_the_first_token(tokens: Tokens) -> None:
    assert not tokens.exist and tokens.check("impasto_x") is None and tokens.all() == []
    assert not tokens.path.exists()


def test_a_token_grants_what_it_was_made_with(tokens: Tokens) -> None:
    token, grant = tokens.add("anna", queue=3, a_day=100)
    assert tokens.exist and tokens.check(token) == grant == tokens.grant("anna")
    assert (grant.name, grant.queue, grant.a_day) == ("anna", 3, 100)
    assert tokens.check(token + "x") is None and tokens.check("") is None


def test_only_a_hash_is_kept(tokens: Tokens) -> None:
    token, _ = tokens.add("anna")
    tokens.close()
    assert token.encode() not in tokens.path.read_bytes()
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600


def test_a_running_server_sees_what_a_command_changes(tokens: Tokens) -> None:
    other = Tokens(tokens.path)
    assert not other.exist
    token, _ = tokens.add("anna")
    assert other.check(token) is not None
    tokens.remove("anna")
    assert other.check(token) is None


def test_a_name_is_given_once_and_removed_once(tokens: Tokens) -> None:
    tokens.add("anna")
    with pytest.raises(UsageError, match='There is a token "anna" already'):
        tokens.add("anna")
    with pytest.raises(UsageError, match='Did you mean "anna"'):
        tokens.remove("ana")


@pytest.mark.parametrize("name", ["", "Anna", "a b", "../x", "env", "-a"])
def test_a_name_is_plain(tokens: Tokens, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be named"):
        tokens.add(name)


def test_a_quota_is_not_negative(tokens: Tokens) -> None:
    with pytest.raises(UsageError, match="at least 0"):
        tokens.add("anna", queue=-1)


def test_the_environment_gives_a_token(tmp_path: Path) -> None:
    tokens = from_environment(tmp_path, {"IMPASTO_TOKEN": "a-long-secret"})
    granted = tokens.check("a-long-secret")
    assert granted is not None and granted.name == "env" and tokens.exist
    assert tokens.check("a-long-secreT") is None
    with pytest.raises(UsageError, match="at least 12 characters"):
        from_environment(tmp_path, {"IMPASTO_TOKEN": "short"})


def test_webhooks_have_a_secret_that_stays(tokens: Tokens, tmp_path: Path) -> None:
    _, grant = tokens.add("anna")
    assert tokens.secret("anna") == grant.secret
    assert grant.secret.startswith("whsec_")
    assert tokens.secret("") == Tokens(tmp_path / FILE).secret("") != grant.secret
    env = from_environment(tmp_path, {"IMPASTO_TOKEN": "a-long-secret"})
    assert env.secret("env").startswith("whsec_") and "a-long" not in env.secret("env")


def test_a_grant_without_quotas_is_unlimited() -> None:
    assert (Grant("anna").queue, Grant("anna").a_day) == (0, 0)


def test_to_remove_the_last_token_opens_no_running_server(tokens: Tokens, tmp_path: Path) -> None:
    token, _ = tokens.add("anna")
    with closing(Tokens(tmp_path / FILE)) as running:
        tokens.remove("anna")
        assert running.exist and running.check(token) is None
