"""`parley users` and `parley keys`: with and without a server that runs."""

import contextlib
import fcntl
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .support.client import API
from .support.mongo import store_over
from .support.people import BOOTSTRAP, USERS, absent, bearer, first_administrator, guarded
from .support.server import BINARY, environment, run_parley, server
from .support.waiting import wait_until

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
        # Where MongoDB is the store, they would not ask the server otherwise.
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


def limits(**own: int) -> dict[str, int | None]:
    """As the API shows them."""
    names = ("requests_per_minute", "concurrent_streams", "queued_generations", "tokens_per_day")
    return {**dict.fromkeys(names), **own}


def test_a_key_is_made_with_limits_of_its_own(stopped: server) -> None:
    admin_key = done(stopped, "users", "create", "--admin").split()[-1]
    user = done(stopped, "users", "create", "--no-key").split()[1]
    some = ("--requests-per-minute", "2", "--tokens-per-day", "0")
    others = ("--concurrent-streams", "3", "--queued-generations", "1000000000000")
    with_some = done(stopped, "keys", "create", user, *some).strip()
    with stopped as one, one.client() as api:
        over = {"PARLEY_API_KEY": admin_key, "PARLEY_URL": one.base_url}
        done(one, "keys", "create", user, *others, **over)
        done(one, "keys", "create", user, **over)
        keys = api.request("GET", f"{USERS}/{user}/keys", headers=bearer(admin_key)).expect(200)["data"]
        assert [key["limits"] for key in keys] == [
            limits(),
            limits(concurrent_streams=3, queued_generations=10**12),
            limits(requests_per_minute=2, tokens_per_day=0),
        ]
        for _ in range(2):
            me = api.request("GET", f"{API}/users/me", headers=bearer(with_some)).expect(200)
            assert me["limits"] == limits(), "the user has none"
        refused = api.request("GET", f"{API}/users/me", headers=bearer(with_some))
        refused.expect_error(429, "too_many_requests")


def test_a_user_is_made_with_limits(stopped: server) -> None:
    admin_key = done(stopped, "users", "create", "--admin", "--queued-generations", "5").split()[-1]
    ada = done(stopped, "users", "create", "--requests-per-minute", "7", "--tokens-per-day", "0").split()[-1]
    with stopped as one, one.client() as api:
        for key, expected in (
            (admin_key, limits(queued_generations=5)),
            (ada, limits(requests_per_minute=7, tokens_per_day=0)),
        ):
            assert (
                api.request("GET", f"{API}/users/me", headers=bearer(key)).expect(200)["limits"] == expected
            )


def test_a_limit_goes_back_to_what_is_configured(stopped: server) -> None:
    stopped.config["limits"] = {"requests_per_minute": 1000}
    admin_key = done(stopped, "users", "create", "--admin").split()[-1]
    told = done(stopped, "users", "create").split()
    user, ada = told[1], bearer(told[3])
    done(stopped, "users", "change", user, "--requests-per-minute", "7", "--tokens-per-day", "0")
    done(stopped, "users", "change", user, "--tokens-per-day", "default", "--concurrent-streams", "2")
    with stopped as one, one.client() as api:
        before = api.request("GET", f"{API}/users/me", headers=ada)
        assert before.expect(200)["limits"] == limits(requests_per_minute=7, concurrent_streams=2)
        assert before.headers["ratelimit-policy"] == '"user";q=7;w=60'
        over = {"PARLEY_API_KEY": admin_key, "PARLEY_URL": one.base_url}
        done(one, "users", "change", user, "--requests-per-minute", "default", **over)

        def is_back() -> bool:
            after = api.request("GET", f"{API}/users/me", headers=ada)
            as_configured = after.headers["ratelimit-policy"] == '"user";q=1000;w=60'
            return as_configured and after.expect(200)["limits"] == limits(concurrent_streams=2)

        wait_until(is_back, "the limit of the configuration is in force")


def test_without_an_address_it_finds_the_server_that_has_the_store(tmp_path: Path) -> None:
    one = guarded(tmp_path)
    with one, one.client():
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
        for value in ("-1", "1000000000001", "9" * 30, "5x", "0x10", "Default", ""):
            told = f'{option}: Value {value} is neither "default" nor in range 0 to 1000000000000\n'
            got = parley(stopped, "users", "change", absent(), option, value)
            assert (got.returncode, got.stderr.startswith(told)) == (2, True), got.stderr
        for value in ("-1", "1000000000001", "default"):
            told = f"{option}: Value {value} not in range 0 to 1000000000000\n"
            got = parley(stopped, "keys", "create", absent(), option, value)
            assert (got.returncode, got.stderr.startswith(told)) == (2, True), got.stderr
    for told, times in {
        "is too far away; at most 36500d are possible": ("99999999d", "36501d", "876001h", "9" * 30 + "h"),
        "is not in the future": ("0d", "-5h", "-" + "9" * 30 + "d"),
        "is neither like 90d or 12h nor a time of RFC 3339": ("5w", "d", "5", "5 d", "2030-01-01"),
    }.items():
        for when in times:
            got = parley(stopped, "keys", "create", absent(), f"--expires={when}")
            assert (got.returncode, got.stderr) == (2, f'--expires: "{when}" {told}.\n')
    done(stopped, "users", "create", "--no-key")
    got = parley(stopped, "users", "delete", absent())
    assert (got.returncode, "no such user" in got.stderr) == (1, True), got.stderr
    got = parley(stopped, "users", "list", "--url", "http://127.0.0.1:1")
    assert got.returncode == 4, got.stderr


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Path]:
    """The data folder is in use by this process; yields the lock."""
    file = folder / "parley.lock"
    with file.open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file


def test_the_server_that_has_the_folder_is_asked_and_no_other(tmp_path: Path) -> None:
    with guarded(tmp_path / "one") as one, guarded(tmp_path / "two") as two:
        two.config["server"]["port"] = two.port
        words = ("users", "create", "--name", "Bob", "--no-key", "--data", str(one.data))
        user = done(two, *words, PARLEY_AUTH_BOOTSTRAP_KEY=BOOTSTRAP).split()[1]
        with one.client() as api:
            first_administrator(api).get(f"{USERS}/{user}").expect(200)
        with two.client() as api:
            first_administrator(api).get(f"{USERS}/{user}").expect(404)
            # An address that is given wins.
            asked = done(one, *words, "--url", two.base_url, PARLEY_AUTH_BOOTSTRAP_KEY=BOOTSTRAP).split()[1]
            first_administrator(api).get(f"{USERS}/{asked}").expect(200)


def test_a_server_tells_its_address_while_it_runs(tmp_path: Path) -> None:
    one = guarded(tmp_path, {"server": {"host": "0.0.0.0"}})
    file = one.data / "server.url"
    with one:
        assert file.read_text(encoding="utf-8").splitlines()[0] == one.base_url
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not file.exists()
    one.start()
    one.kill()
    assert file.exists()
    told = done(one, "users", "list")
    assert "admin" in told, "what a killed server left does no harm"


def test_a_folder_that_is_in_use_is_told_where_no_server_is_found(tmp_path: Path) -> None:
    one = guarded(tmp_path)
    one.start()
    one.kill()
    with held(one.data) as lock:
        got = parley(one, "users", "list")
        assert (got.returncode, got.stdout) == (4, "")
        assert f"uses the data folder {one.data}" in got.stderr
        assert "--url" in got.stderr
        os.utime(lock)  # as every process does that takes it
        got = parley(one, "users", "list")
        assert (got.returncode, got.stdout) == (1, "")
        assert f"{one.data} is in use by" in got.stderr
        assert "--url" in got.stderr
    assert "admin" in done(one, "users", "list")


def test_without_a_key_it_says_which_variable_is_missing(tmp_path: Path) -> None:
    with guarded(tmp_path) as one:
        got = parley(one, "users", "list")
        assert (got.returncode, got.stdout) == (1, "")
        assert "PARLEY_API_KEY is missing" in got.stderr


def test_nobody_forges_a_row(tmp_path: Path) -> None:
    row = f"{absent()}  2026-01-01T00:00:00.000Z  admin  Alice"
    with guarded(tmp_path) as one, one.client() as api:
        ada = first_administrator(api)
        bob = ada.new_person()
        name = f"x\n{row}\t\u202eecila\u2069"
        bob.request("PATCH", f"{USERS}/me", {"name": name}).expect(200)
        ada.new_key(bob.user_id, name=name)
    users = done(one, "users", "list").splitlines()
    assert len(users) == 2, "Bob, and whom the bootstrap key stands for"
    assert users[0].startswith(bob.user_id)
    assert users[0].endswith(f"  -  x␊{row}␉\ufffdecila\ufffd")
    assert len(done(one, "keys", "list", bob.user_id).splitlines()) == 2
    changed = done(one, "users", "change", bob.user_id, "--name", "y\nz")
    assert (changed.count("\n"), changed.endswith("  -  y␊z\n")) == (1, True)


def test_no_refusal_changes_the_terminal(tmp_path: Path) -> None:
    got = parley(guarded(tmp_path), "users", "list", "--url", "http://a\x1b[31m")
    assert (got.returncode, got.stdout) == (1, "")
    assert got.stderr == 'parley: "http://a␛[31m" is not an address such as http://127.0.0.1:8080.\n'


def test_only_creating_a_user_makes_a_store(tmp_path: Path) -> None:
    one = guarded(tmp_path, bootstrap=None)
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (tmp_path / "typo", empty):
        for words in (
            ("users", "list"),
            ("users", "change", absent(), "--admin"),
            ("users", "delete", absent()),
            ("keys", "list", absent()),
            ("keys", "create", absent()),
            ("keys", "delete", absent(), absent()),
        ):
            got = parley(one, *words, "--data", str(folder))
            assert (got.returncode, got.stdout) == (1, "")
            assert f"There is no store at {folder}" in got.stderr
    assert not (tmp_path / "typo").exists()
    assert list(empty.iterdir()) == []
    done(one, "users", "create", "--no-key", "--data", str(empty))
    assert (empty / "parley.db").exists()


def without_output(one: server, how: str, *words: str) -> str:
    """Standard output is sent as the shell says it; what standard error got."""
    command, action, *rest = words
    line = [str(BINARY), command, action, "--config", str(one.config_file()), *rest]
    got = subprocess.run(
        ["sh", "-c", f'exec "$@" {how}', "sh", *line],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        check=False,
    )
    assert got.returncode == 1, got.stderr
    assert "Standard output can not be written" in got.stderr
    return got.stderr


@pytest.mark.parametrize("how", [">/dev/full", ">&-"])
def test_a_key_that_can_not_be_told_is_deleted_again(tmp_path: Path, how: str) -> None:
    one = guarded(tmp_path, bootstrap=None)
    user = done(one, "users", "create", "--no-key").split()[1]
    assert "deleted again" in without_output(one, how, "keys", "create", user)
    assert done(one, "keys", "list", user) == ""
    assert b"parley_" not in (one.data / "parley.lock").read_bytes()
    told = without_output(one, how, "users", "create", "--admin", "--name", "Ada")
    found = re.search(rf"The user ({UUID}) was made and has no key", told)
    assert found, told
    assert f"{found[1]}  " in done(one, "users", "list")
    assert done(one, "keys", "list", found[1]) == ""
    without_output(one, how, "users", "list")
    assert re.fullmatch(KEY + "\n", done(one, "keys", "create", user)), "with an output it works"
