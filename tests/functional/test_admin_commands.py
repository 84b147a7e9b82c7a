"""`parley users` and `parley keys`: with and without a server that runs."""

import re
import subprocess
from pathlib import Path

import pytest

from .support.client import API
from .support.mongo import store_over
from .support.people import BOOTSTRAP, absent, bearer, guarded
from .support.server import environment, run_parley, server

KEY = r"parley_[A-Za-z0-9_-]{43}"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def parley(one: server, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command, action, *rest = words
    config = ["--config", str(one.config_file())]
    return run_parley(command, action, *config, *rest, env={**environment(), **variables})


def done(one: server, *words: str, **variables: str) -> str:
    got = parley(one, *words, **variables)
    assert got.returncode == 0, got.stderr
    return got.stdout


@pytest.fixture(params=["sqlite", "mongodb"])
def stopped(request: pytest.FixtureRequest, tmp_path: Path) -> server:
    """A server that wants keys and has no bootstrap key."""
    over = store_over(request.getfixturevalue("shared_mongo_uri")) if request.param == "mongodb" else {}
    return guarded(tmp_path, over, bootstrap=None)


def test_the_first_administrator_is_made_by_a_command(stopped: server) -> None:
    told = done(stopped, "users", "create", "--admin", "--name", "Ada")
    found = re.fullmatch(rf"user ({UUID})\nkey ({KEY})\n", told)
    assert found, told
    user, key = found.groups()
    with stopped as one, one.client() as api:
        me = api.request("GET", f"{API}/users/me", headers=bearer(key)).expect(200)
        assert (me["user_id"], me["name"], me["is_admin"]) == (user, "Ada", True)
        api.request("GET", f"{API}/users", headers=bearer(key)).expect(200)


def test_a_server_that_nobody_can_enter_says_what_to_do(stopped: server) -> None:
    warning = "nobody has a key for this server: set PARLEY_AUTH_BOOTSTRAP_KEY"
    with stopped as closed:
        assert closed.log_text().count(warning) == 1
    done(stopped, "users", "create", "--admin")
    with stopped as open_now:
        assert open_now.log_text().count(warning) == 1, "no further one"


def test_all_commands_work_while_a_server_runs(stopped: server) -> None:
    admin_key = done(stopped, "users", "create", "--admin").split()[-1]
    as_admin = {"PARLEY_API_KEY": admin_key}
    with stopped as one, one.client() as api:
        # SQLite's folder is the server's, which has a free port here: so the address is told.
        over = {**as_admin, "PARLEY_URL": one.base_url}
        user = done(one, "users", "create", "--no-key", "--name", "Bob", **over).split()[1]
        key = done(one, "keys", "create", user, "--name", "x", "--scopes", "read", "--expires", "90d", **over)
        assert re.fullmatch(KEY + "\n", key)
        headers = bearer(key.strip())
        api.request("GET", f"{API}/users/me", headers=headers).expect(200)
        api.request("POST", f"{API}/interactions", {}, headers=headers).expect_error(
            403, "insufficient_scope"
        )
        listed = done(one, "keys", "list", user, **over)
        key_id = listed.split()[0]
        assert "read" in listed
        assert key.strip() not in listed
        done(one, "users", "change", user, "--admin", "--requests-per-minute", "5", **over)
        assert "admin  Bob" in done(one, "users", "list", **over)
        done(one, "keys", "delete", user, key_id, **over)
        assert done(one, "keys", "list", user, **over) == ""
        done(one, "users", "delete", user, **over)
        assert user not in done(one, "users", "list", **over)


def test_without_an_address_it_finds_the_server_that_has_the_store(tmp_path: Path) -> None:
    one = guarded(tmp_path)
    with one, one.client():
        one.config["server"]["port"] = one.port
        told = done(one, "users", "list", PARLEY_AUTH_BOOTSTRAP_KEY=BOOTSTRAP)
        assert re.match(rf"{UUID}  .*admin", told)
        refused = parley(one, "users", "list", PARLEY_API_KEY="parley_" + "A" * 43)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "not known" in refused.stderr


def test_mistakes_are_told(stopped: server) -> None:
    for words, told in [
        (("users", "change", absent()), "Change what?"),
        (("keys", "create", absent(), "--expires", "soon"), "--expires"),
        (("users", "change", absent(), "--requests-per-minute", "-1"), "requests-per-minute"),
        (("users", "delete"), "USER"),
    ]:
        got = parley(stopped, *words)
        assert (got.returncode, told in got.stderr) == (2, True), got.stderr
    for option in ("--requests-per-minute", "--tokens-per-day"):
        for value in ("-1", "1000000000001"):
            got = parley(stopped, "users", "change", absent(), option, value)
            assert (got.returncode, "0 to 1000000000000\n" in got.stderr) == (2, True), got.stderr
    for told, times in {
        "is too far away; at most 36500d are possible": ("99999999d", "36501d", "876001h", "9" * 30 + "h"),
        "is not in the future": ("0d", "-5h", "-" + "9" * 30 + "d"),
        "is neither like 90d or 12h nor a time of RFC 3339": ("5w", "d", "5", "5 d", "2030-01-01"),
    }.items():
        for when in times:
            got = parley(stopped, "keys", "create", absent(), f"--expires={when}")
            assert (got.returncode, got.stderr) == (2, f'--expires: "{when}" {told}.\n')
    got = parley(stopped, "users", "delete", absent())
    assert (got.returncode, "no such user" in got.stderr) == (1, True), got.stderr
    got = parley(stopped, "users", "list", "--url", "http://127.0.0.1:1")
    assert got.returncode == 4, got.stderr
