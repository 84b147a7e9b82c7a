"""auth.mode jwt: users who come with tokens of somebody who knows them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .support.client import API, client
from .support.people import BOOTSTRAP, USERS, administrator, bearer, first_administrator, guarded, person
from .support.server import run_parley, server
from .support.tokens import AUDIENCE, ISSUER, signing_key, write_keys
from .support.waiting import wait_until

ALGORITHMS = ["HS256", "RS256", "ES256", "EdDSA"]
ME = f"{API}/users/me"


def over(keys: Path) -> dict[str, Any]:
    return {
        "auth": {
            "mode": "jwt",
            "jwt_keys_file": str(keys),
            "jwt_issuer": ISSUER,
            "jwt_audience": [AUDIENCE, "other"],
            "jwt_clock_skew": "0s",
        }
    }


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, signing_key]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: signing_key(folder, name, f"key-{name}") for name in ALGORITHMS}


@pytest.fixture(scope="module")
def one(keys: dict[str, signing_key], tmp_path_factory: pytest.TempPathFactory) -> Iterator[server]:
    folder = tmp_path_factory.mktemp("tokens")
    write_keys(folder / "keys.json", *keys.values())
    with guarded(folder, over(folder / "keys.json")) as running:
        yield running


@pytest.fixture
def api(one: server) -> Iterator[client]:
    with one.client() as connected:
        yield connected


def ask(api: client, token: str) -> Any:
    return api.request("GET", ME, headers=bearer(token))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_who_comes_with_a_token_is_a_user_from_then_on(
    api: client, keys: dict[str, signing_key], algorithm: str
) -> None:
    subject = f"ada of {algorithm}"
    first = ask(api, keys[algorithm].token(sub=subject, name="Ada L.")).expect(200)
    assert (first["name"], first["is_admin"]) == ("Ada L.", False)
    other = next(name for name in ALGORITHMS if name != algorithm)
    again = ask(api, keys[other].token(sub=subject, name="Ada M.", aud=["x", "other"])).expect(200)
    assert again == first
    assert ask(api, keys[algorithm].token(sub=subject + "!")).expect(200)["user_id"] != first["user_id"]


def test_tokens_that_prove_nothing_are_refused(
    api: client, keys: dict[str, signing_key], tmp_path: Path
) -> None:
    good = keys["RS256"]
    now = int(time.time())
    stranger = signing_key(tmp_path, "RS256", good.kid)
    head, claims, signature = good.token().split(".")
    hostile = {
        "signed by another": stranger.token(),
        "none": good.token({"alg": "none"}),
        "none, unsigned": f"{head}.{claims}.",
        "another key's algorithm": good.token({"alg": "HS256"}),
        "unknown kid": good.token({"kid": "nobody"}),
        "cut": f"{head}.{claims}.{signature[:-4]}",
        "changed": f"{head}.{claims[:-2]}AA.{signature}",
        "another issuer": good.token(iss="https://other.example"),
        "no issuer": good.token(iss=None),
        "for another": good.token(aud="somebody"),
        "for nobody": good.token(aud=None),
        "without end": good.token(exp=None),
        "an end in words": good.token(exp="tomorrow"),
        "nobody's": good.token(sub=""),
        "critical": good.token({"crit": ["x"], "x": 1}),
        "a key with it": stranger.token({"jwk": stranger.jwk()}),
        "huge": good.token(name="x" * 9000),
        "words": "not.a.token",
    }
    for what, token in hostile.items():
        got = ask(api, token)
        assert (got.status, got.code) == (401, "invalid_token"), what
        assert "invalid_token" in got.headers["www-authenticate"], what
        assert token not in got.text, what
    ask(api, good.token(exp=now - 1)).expect_error(401, "token_expired", "Authorization")
    ask(api, good.token(nbf=now + 100)).expect_error(401, "token_not_yet_valid", "Authorization")
    api.request("GET", ME).expect_error(401, "missing_token", "Authorization")


def test_scopes_of_a_token_bound_what_it_may(api: client, keys: dict[str, signing_key]) -> None:
    key = keys["HS256"]
    reader = key.token(sub="reader", scope="openid read profile")
    ask(api, reader).expect(200)
    refused = api.request("POST", f"{API}/interactions", {}, headers=bearer(reader))
    refused.expect_error(403, "insufficient_scope")
    # Nobody becomes an administrator by a token.
    boss = key.token(sub="boss", scope="read write admin")
    api.request("GET", USERS, headers=bearer(boss)).expect_error(403, "insufficient_scope")
    admin = first_administrator(api)
    user = ask(api, boss).expect(200)["user_id"]
    admin.request("PATCH", f"{USERS}/{user}", {"is_admin": True}).expect(200)
    wait_until(lambda: api.request("GET", USERS, headers=bearer(boss)).status == 200, "is an administrator")
    api.request("GET", USERS, headers=bearer(reader)).expect_error(403, "insufficient_scope")


def test_a_scope_that_can_not_be_read_is_no_licence(api: client, keys: dict[str, signing_key]) -> None:
    key = keys["ES256"]
    for bound in ({"scope": ["read"]}, {"scp": ["openid", "read"]}, {"scp": "read"}):
        token = key.token(sub="a list", **bound)
        ask(api, token).expect(200)
        made = api.request("POST", f"{API}/interactions", {}, headers=bearer(token))
        made.expect_error(403, "insufficient_scope")
    for odd in (5, {"read": True}, [1], None, ["read", None]):
        ask(api, key.token(sub="odd", scp=odd if odd is not None else [None])).expect_error(
            401, "invalid_token"
        )
    # Words that mean nothing here bound nothing.
    token = key.token(sub="a list", scope="openid profile")
    api.request("POST", f"{API}/interactions", {}, headers=bearer(token)).expect(201)


def test_whose_a_user_is_stands_in_the_log(api: client, one: server, keys: dict[str, signing_key]) -> None:
    user = ask(api, keys["RS256"].token(sub="who am I")).expect(200)["user_id"]
    ask(api, keys["ES256"].token(sub="who am I")).expect(200)
    lines = [line for line in one.log_lines() if line.get("subject") == "who am I"]
    assert [(line["level"], line["event"], line["user_id"]) for line in lines] == [
        ("audit", "user_seen_first", user)
    ]


def test_keys_are_good_beside_tokens(api: client, keys: dict[str, signing_key]) -> None:
    token = keys["EdDSA"].token(sub="with a key")
    user = ask(api, token).expect(200)["user_id"]
    made = api.request("POST", f"{ME}/keys", {"scopes": ["read"]}, headers=bearer(token)).expect(201)
    assert person(api, made["key"]).get(ME).expect(200)["user_id"] == user
    assert administrator(api, BOOTSTRAP).get(ME).status == 200


def test_a_token_that_expires_ends_its_streams(
    one: server, api: client, keys: dict[str, signing_key]
) -> None:
    with one.client() as second:
        token = keys["HS256"].token(sub="short", exp=time.time() + 5)
        long = keys["HS256"].token(sub="short")
        with second.stream("GET", f"{API}/events", headers=bearer(token)) as news:
            news.next()
            wait_until(lambda: ask(api, token).status == 401, "the token has expired")
            ended_at = time.monotonic()
            while time.monotonic() - ended_at < 1.1:
                api.request("POST", f"{API}/interactions", {}, headers=bearer(long)).expect(201)
            api.request("POST", f"{API}/interactions", {"title": "after"}, headers=bearer(long)).expect(201)
            assert "after" not in {event.data["title"] for event in news.rest()}


def test_keys_are_exchanged_while_it_runs(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    old, new = signing_key(tmp_path, "ES256", "old"), signing_key(tmp_path, "ES256", "new")
    write_keys(file, old)
    with guarded(tmp_path / "server", over(file)) as one, one.client() as api:
        ask(api, old.token()).expect(200)
        ask(api, new.token()).expect_error(401, "invalid_token")
        write_keys(file, old, new)
        wait_until(lambda: ask(api, new.token()).status == 200, "the new key is known")
        file.write_text("{", encoding="utf-8")  # a mistake keeps what was there
        one.wait_for_log("keys.json")
        ask(api, new.token(sub="later")).expect(200)
        write_keys(file, new)
        wait_until(lambda: ask(api, old.token(sub="again")).status == 401, "the old key is gone")


def test_what_is_missing_in_the_configuration_is_named(tmp_path: Path) -> None:
    file = server(tmp_path, {"auth": {"mode": "jwt"}, "server": {"host": "0.0.0.0"}}).config_file()
    done = run_parley("check-config", "--config", str(file))
    assert done.returncode == 3
    for key in ("auth.jwt_keys_file", "auth.jwt_issuer", "auth.jwt_audience"):
        assert key in done.stderr
    (tmp_path / "none.json").write_text('{"keys": []}', encoding="utf-8")
    file = server(tmp_path, over(tmp_path / "none.json")).config_file()
    done = run_parley("serve", "--config", str(file))
    assert done.returncode == 1
    assert "none.json" in done.stderr


def test_check_config_tells_of_keys_that_can_not_be_used(
    tmp_path: Path, keys: dict[str, signing_key]
) -> None:
    file = tmp_path / "keys.json"
    config = server(tmp_path, over(file)).config_file()

    def notes() -> list[str]:
        done = run_parley("check-config", "--config", str(config))
        assert done.returncode == 0, done.stderr
        return done.stderr.splitlines()

    assert notes() == [f"note: auth.jwt_keys_file: there is no file {file}"]
    file.write_text('{"keys": []}', encoding="utf-8")
    (told,) = notes()
    assert told.startswith(f"note: auth.jwt_keys_file: The key set {file} can not be used: ")
    write_keys(file, *keys.values())
    assert notes() == []


@pytest.mark.parametrize("written", [f"other, {AUDIENCE}", f'["other", "{AUDIENCE}"]'])
def test_audiences_come_from_the_environment(
    tmp_path: Path, keys: dict[str, signing_key], written: str
) -> None:
    write_keys(tmp_path / "keys.json", keys["HS256"])
    settings = over(tmp_path / "keys.json")
    settings["auth"]["jwt_audience"] = ["replaced"]
    one = guarded(tmp_path / "server", settings)
    one.variables["PARLEY_AUTH_JWT_AUDIENCE"] = written
    with one, one.client() as api:
        ask(api, keys["HS256"].token()).expect(200)
        ask(api, keys["HS256"].token(aud="replaced")).expect_error(401, "invalid_token")
