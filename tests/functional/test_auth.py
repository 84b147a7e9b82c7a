"""auth.mode api_key: who may come in, and that the key is told to nobody."""

import json
from pathlib import Path
from typing import Any

import pytest

from .support.client import API
from .support.server import environment, run_parley, server
from .support.waiting import wait_until

KEY = "prl_" + "k3y" * 12
NEEDS_KEY: dict[str, Any] = {"auth": {"mode": "api_key"}, "server": {"host": "0.0.0.0"}}


def guarded(folder: Path) -> server:
    return server(folder, NEEDS_KEY, variables={"PARLEY_AUTH_BOOTSTRAP_KEY": KEY})


def test_every_route_of_the_api_wants_the_key(tmp_path: Path) -> None:
    with guarded(tmp_path) as one, one.client() as api:
        anyone = {"Authorization": f"Bearer {KEY}"}
        made = api.request("POST", f"{API}/interactions", {}, headers=anyone).expect(201)
        path = f"{API}/interactions/{made['interaction_id']}"
        for method, route in [
            ("GET", f"{API}/users/me"), ("GET", f"{API}/models"), ("GET", f"{API}/interactions"),
            ("POST", f"{API}/interactions"), ("GET", path), ("PATCH", path), ("DELETE", path),
            ("GET", f"{path}/messages"), ("POST", f"{path}/messages"),
        ]:  # fmt: skip
            missing = api.request(method, route)
            missing.expect_error(401, "missing_api_key", "Authorization")
            assert missing.headers["www-authenticate"] == 'Bearer realm="parley"'
            wrong = api.request(method, route, headers={"Authorization": f"Bearer {KEY}x"})
            wrong.expect_error(401, "invalid_api_key", "Authorization")
            assert "invalid_token" in wrong.headers["www-authenticate"]
        assert api.request("GET", path, headers=anyone).expect(200) == made
        for route in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"):
            assert api.get(route).status == 200, route


def ask(path: str, key: str, *fields: str) -> str:
    """The head of a request whose body is still to come."""
    return "\r\n".join(
        [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}",
         "Content-Type: application/json", *fields, "", ""]
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        ["Content-Length: 400000"],
        ["Content-Length: 2"],
        ["Content-Length: 2", "Expect: 100-continue"],
        ["Transfer-Encoding: chunked"],
    ],
)
def test_nobody_unknown_has_a_body_kept(tmp_path: Path, fields: list[str]) -> None:
    with guarded(tmp_path) as one:
        with one.raw() as wire:
            wire.send(ask(f"{API}/interactions", KEY + "x", *fields))
            answer = wire.read_answer()  # though the body has not come
            assert answer.status == 401
            assert json.loads(answer.body)["code"] == "invalid_api_key"
            assert answer.headers["connection"] == "close"
            assert wire.read_end() == b""
        with one.raw() as wire:
            wire.send(ask(f"{API}/interactions", KEY, "Content-Length: 2", "Expect: 100-continue"))
            assert wire.read_answer().status == 100
            wire.send("{}")
            assert wire.read_answer().status == 201


def test_a_refused_request_that_came_whole_ends_no_connection(tmp_path: Path) -> None:
    with guarded(tmp_path) as one, one.raw() as wire:
        wire.send(ask(f"{API}/interactions", KEY + "x", "Content-Length: 2") + "{}")
        assert wire.read_answer().status == 401
        wire.send(ask(f"{API}/interactions", KEY, "Content-Length: 2") + "{}")
        assert wire.read_answer().status == 201


def test_a_key_that_is_deleted_while_a_body_comes_is_of_no_use(tmp_path: Path) -> None:
    with guarded(tmp_path) as one, one.client() as api:
        owner = {"Authorization": f"Bearer {KEY}"}
        made = api.request("POST", f"{API}/users/me/keys", {"name": "short"}, headers=owner).expect(201)
        with one.raw() as wire:
            wire.send(ask(f"{API}/interactions", made["key"], "Content-Length: 2", "Expect: 100-continue"))
            assert wire.read_answer().status == 100
            path = f"{API}/users/me/keys/{made['key_id']}"
            api.request("DELETE", path, headers=owner).expect(204)
            own = {"Authorization": f"Bearer {made['key']}"}
            wait_until(
                lambda: api.request("GET", f"{API}/users/me", headers=own).status == 401, "the key is gone"
            )
            wire.send("{}")
            assert wire.read_answer().status == 401


def test_host_names_do_not_matter_to_who_has_the_key(tmp_path: Path) -> None:
    with guarded(tmp_path) as one, one.client() as api:
        headers = {"Authorization": f"Bearer {KEY}", "Host": "chat.example.org"}
        api.request("GET", f"{API}/users/me", headers=headers).expect(200)


def test_the_key_is_told_to_nobody(tmp_path: Path) -> None:
    with guarded(tmp_path) as one, one.client() as api:
        for authorization in (f"Bearer {KEY}", f"Bearer {KEY}x"):
            got = api.request("GET", f"{API}/users/me", headers={"Authorization": authorization})
            assert KEY not in got.text
        assert KEY not in api.get("/metrics").text
    assert KEY not in one.log_text()


@pytest.mark.parametrize(
    ("over", "key", "told"),
    [
        ({"server": {"host": "0.0.0.0"}}, None, "auth.mode none lets everybody in"),
        (NEEDS_KEY, "abcde", "is too short: 5 bytes, at least 32 are needed"),
    ],
)
def test_a_server_that_others_reach_wants_a_key(
    tmp_path: Path, over: dict[str, Any], key: str | None, told: str
) -> None:
    file = server(tmp_path, over).config_file()
    env = environment() | ({"PARLEY_AUTH_BOOTSTRAP_KEY": key} if key else {})
    done = run_parley("serve", "--config", str(file), env=env)
    assert (done.returncode, told in done.stderr) == (3, True), done.stderr
    assert key is None or key not in done.stderr
