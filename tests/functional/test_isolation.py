"""Every route of the contract, asked by everybody who may and may not."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from .support.client import API, answer, client, messages_path, script
from .support.mongo import store_over
from .support.people import (
    BOOTSTRAP,
    USERS,
    absent,
    administrator,
    bearer,
    first_administrator,
    guarded,
    named,
    person,
)
from .support.server import ROOT, SANITIZED, server
from .support.waiting import wait_until

CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "api/openapi.yaml").read_text(encoding="utf-8"))
SCOPES = ("read", "write", "admin")
REQUEST_ID = {"X-Request-Id": "one-and-the-same"}


@dataclass(frozen=True)
class operation:
    name: str
    method: str
    path: str
    body: Any

    @property
    def scope(self) -> str:
        if self.path.startswith(f"{API}/users") and "/me" not in self.path:
            return "admin"
        return "read" if self.method == "GET" else "write"

    @property
    def streams(self) -> bool:
        return self.path.endswith("/events")

    @property
    def ids(self) -> list[str]:
        return [
            one for one in ("interaction_id", "message_id", "user_id", "key_id") if f"{{{one}}}" in self.path
        ]


def operations() -> list[operation]:
    found = []
    for path, item in CONTRACT["paths"].items():
        if not path.startswith(API):
            continue
        for method, one in item.items():
            if method == "parameters":
                continue
            body: Any = None
            if "requestBody" in one:
                examples = one["requestBody"]["content"]["application/json"].get("examples", {})
                body = next(
                    (each["value"] for each in examples.values() if not each["value"].get("stream")), {}
                )
            found.append(operation(one["operationId"], method.upper(), path, body))
    return found


OPERATIONS = operations()


def operation_named(name: str) -> operation:
    return next(one for one in OPERATIONS if one.name == name)


every_operation = pytest.mark.parametrize("asked", OPERATIONS, ids=lambda one: one.name)
of_somebody = pytest.mark.parametrize(
    "asked", [one for one in OPERATIONS if "interaction_id" in one.ids], ids=lambda one: one.name
)


@dataclass(frozen=True)
class world:
    """A server where one person has a conversation, and others have none of it."""

    server: server
    api: client
    admin: administrator
    owner: person
    other: person
    keys: dict[str, person]  # of the owner, by their only scope
    expired: str = ""  # a key of the owner's that was good once

    def ids_of(self, whose: person) -> dict[str, str]:
        """Fresh things of theirs, so that deleting them hurts no other test."""
        made = whose.create_interaction()
        sent = whose.send(made["interaction_id"], script(["a", "b"])).expect(201)
        user = self.admin.new_user()
        return {
            "interaction_id": made["interaction_id"],
            "message_id": sent["reply"]["message_id"],
            "user_id": user,
            "key_id": self.admin.new_key(user)["key_id"],
        }


@pytest.fixture(scope="module", params=["sqlite", "mongodb"])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[world]:
    over = store_over(request.getfixturevalue("shared_mongo_uri")) if request.param == "mongodb" else {}
    with guarded(tmp_path_factory.mktemp("isolation"), over) as one, one.client() as api:
        admin = first_administrator(api)
        owner = admin.new_person(is_admin=True)
        keys = {
            scope: replace(owner, key=admin.new_key(owner.user_id, scopes=[scope])["key"]) for scope in SCOPES
        }
        expired = expired_key(admin, owner)
        yield world(one, api, admin, owner, admin.new_person(), keys, expired)


@pytest.fixture(scope="module")
def behind_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[world]:
    over = {"auth": {"mode": "trusted_header", "trusted_proxies": ["127.0.0.1"]}}
    with guarded(tmp_path_factory.mktemp("behind_proxy"), over) as one, one.client() as api:
        yield world(one, api, first_administrator(api), named(api, "owner"), named(api, "other"), {})


def in_seconds(count: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=count)).isoformat(timespec="milliseconds")


def expired_key(admin: administrator, owner: person) -> str:
    soon = in_seconds(5)
    short = replace(owner, key=admin.new_key(owner.user_id, expires_at=soon)["key"])
    short.get(f"{API}/users/me").expect(200)
    wait_until(lambda: short.get(f"{API}/users/me").status == 401, "the key has expired")
    return short.key


def filled(asked: operation, ids: dict[str, str]) -> str:
    path = asked.path.replace("{index}", "0")
    for name in asked.ids:
        path = path.replace(f"{{{name}}}", ids[name])
    return path


def filled_for(here: world, asked: operation) -> str:
    """With things of the owner's."""
    ids = here.ids_of(here.owner)
    if asked.name == "delete_own_key":
        ids["key_id"] = here.admin.new_key(here.owner.user_id)["key_id"]
    return filled(asked, ids)


def ask(api: client, asked: operation, path: str, headers: dict[str, str]) -> answer:
    if not asked.streams:
        return api.request(asked.method, path, asked.body, headers=headers)
    with api.stream(asked.method, path, headers=headers) as got:
        if got.status == 200:
            return answer(200, got.headers, "", None)
    return api.request(asked.method, path, headers=headers)


@every_operation
def test_nobody_gets_in_without_being_known(here: world, asked: operation) -> None:
    deleted = here.admin.new_key(here.owner.user_id)
    here.admin.request("DELETE", f"{API}/users/{here.owner.user_id}/keys/{deleted['key_id']}").expect(204)
    path = filled_for(here, asked)
    strangers = {
        "nothing": ({}, "missing_api_key"),
        "another scheme": ({"Authorization": "Basic cGFybGV5Og=="}, "missing_api_key"),
        "no key": (bearer("x"), "invalid_api_key"),
        "a key of nobody": (bearer("parley_" + "A" * 43), "invalid_api_key"),
        "nearly the owner's": (bearer(here.owner.key[:-1] + "!"), "invalid_api_key"),
        "a deleted one": (bearer(deleted["key"]), "invalid_api_key"),
        "one that has expired": (bearer(here.expired), "expired_api_key"),
    }
    for who, (headers, code) in strangers.items():
        got = here.api.request(asked.method, path, asked.body, headers=headers)
        assert (got.status, got.code) == (401, code), who
        assert got.headers["www-authenticate"].startswith('Bearer realm="parley"'), who
    twice = [("Authorization", f"Bearer {here.owner.key}"), ("Authorization", "Bearer x")]
    got = here.api.request(asked.method, path, asked.body, headers=twice)
    got.expect_error(401, "invalid_credentials", "Authorization")


@every_operation
def test_a_key_may_do_what_its_scopes_say_and_no_more(here: world, asked: operation) -> None:
    for scope in SCOPES:
        # Nobody gives more than they have.
        wanted = replace(asked, body={"scopes": [scope]}) if asked.name == "create_own_key" else asked
        got = ask(here.api, wanted, filled_for(here, asked), bearer(here.keys[scope].key))
        if scope == asked.scope:
            assert got.status < 300, f"{scope}: {got.status} {got.text[:500]}"
        else:
            got.expect_error(403, "insufficient_scope")
            assert f'scope="{asked.scope}"' in got.headers["www-authenticate"]


def assert_same(foreign: answer, missing: answer) -> None:
    assert foreign.status == missing.status == 404
    assert foreign.text == missing.text
    without = {"date"}
    assert {k: v for k, v in foreign.headers.items() if k not in without} == {
        k: v for k, v in missing.headers.items() if k not in without
    }


def assert_like_absent(here: world, asked: operation, who: person) -> None:
    """To `who` what is the owner's is like what is not there."""
    ids = here.ids_of(here.owner)
    own = here.ids_of(who)
    nowhere = {**ids, "interaction_id": absent(), "message_id": absent()}
    headers = {**who.shown(), **REQUEST_ID}
    foreign = ask(here.api, asked, filled(asked, ids), headers)
    assert_same(foreign, ask(here.api, asked, filled(asked, nowhere), headers))
    if "message_id" in asked.ids:
        # Another's message in one's own conversation.
        mixed = ask(here.api, asked, filled(asked, {**own, "message_id": ids["message_id"]}), headers)
        absent_one = ask(here.api, asked, filled(asked, {**own, "message_id": absent()}), headers)
        assert (mixed.status, mixed.text) == (404, absent_one.text)
    assert here.owner.get(f"{API}/interactions/{ids['interaction_id']}").status == 200


@of_somebody
def test_what_is_anothers_is_like_what_is_not_there(here: world, asked: operation) -> None:
    # The administrator has the scopes read and write as well.
    for who in (here.other, here.admin):
        assert_like_absent(here, asked, who)


@of_somebody
def test_it_is_so_for_whom_a_proxy_names(behind_proxy: world, asked: operation) -> None:
    for who in (behind_proxy.other, behind_proxy.admin):
        assert_like_absent(behind_proxy, asked, who)


def test_anothers_key_is_like_one_that_is_not_there(here: world) -> None:
    key = here.admin.new_key(here.owner.user_id)
    paths = [(here.other, f"{API}/users/me/keys")]
    # An administrator's path has to name the key's own user.
    paths += [(here.admin, f"{API}/users/{here.other.user_id}/keys"), (here.admin, f"{API}/users/me/keys")]
    for who, path in paths:
        foreign = who.request("DELETE", f"{path}/{key['key_id']}", headers=REQUEST_ID)
        assert_same(foreign, who.request("DELETE", f"{path}/{absent()}", headers=REQUEST_ID))
        foreign.expect_error(404, "key_not_found")
    replace(here.owner, key=key["key"]).get(f"{API}/users/me").expect(200)


@pytest.mark.skipif(SANITIZED, reason="it is about time")
@pytest.mark.parametrize(
    ("asked", "factor"),
    [
        (operation_named("get_interaction"), 1.25),
        (operation_named("list_messages"), 1.25),
        (operation_named("get_message_events"), 1.25),
        (operation_named("delete_own_key"), 1.5),  # a store's writes take now this long, now that
    ],
    ids=lambda one: one.name if isinstance(one, operation) else "",
)
def test_what_is_anothers_takes_as_long_as_what_is_not_there(
    here: world, asked: operation, factor: float
) -> None:
    theirs = here.ids_of(here.owner)
    theirs["key_id"] = here.admin.new_key(here.owner.user_id)["key_id"]
    own = f"{API}/interactions/{theirs['interaction_id']}"
    took: dict[str, list[float]] = {"foreign": [], "absent": []}
    for _ in range(300):
        nowhere = {**theirs, **{name: absent() for name in asked.ids}}
        here.owner.get(own).expect(200)  # is in use, and so in the cache
        for name, ids in (("foreign", theirs), ("absent", nowhere)):
            path = filled(asked, ids)
            begun = time.perf_counter()
            got = here.other.request(asked.method, path)
            took[name].append(time.perf_counter() - begun)
            assert got.status == 404
    foreign, missing = (statistics.median(took[name]) for name in ("foreign", "absent"))
    assert 1 / factor < foreign / missing < factor


def test_nothing_crosses_through_lists_events_keys_and_metrics(here: world) -> None:
    secret = "canary-" + absent()
    made = here.owner.create_interaction(title=secret, metadata={"k": secret})
    path = messages_path(made["interaction_id"])
    same = {"Idempotency-Key": secret}
    first = here.owner.request("POST", path, {"content": secret, "respond": False}, same).expect(201)
    seen = here.other.get(f"{API}/interactions").expect(200)
    assert secret not in str(seen)
    # The same key of another user is another request.
    own = here.other.request("POST", f"{API}/interactions", {}, same).expect(201)
    assert own["interaction_id"] != made["interaction_id"]
    again = here.owner.request("POST", path, {"content": secret, "respond": False}, same)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.expect(201)["user_message"] == first["user_message"]
    assert secret not in str(here.other.get(f"{API}/users/me").expect(200))
    assert secret not in str(here.other.get(f"{API}/usage").expect(200))
    assert secret not in here.api.get("/metrics").text
    assert secret not in here.server.log_text()
    with here.api.stream("GET", f"{API}/events", headers=bearer(here.other.key)) as news:
        assert news.next().name == "reset"
        here.owner.request("PATCH", f"{API}/interactions/{made['interaction_id']}", {"title": secret + "!"})
        with here.server.client() as second:
            mine = replace(here.other, api=second).create_interaction(title="mine")
        event = news.next()
        assert (event.name, event.data["interaction_id"]) == ("interaction.created", mine["interaction_id"])


def test_no_key_is_told_or_kept(here: world) -> None:
    for key in (BOOTSTRAP, here.owner.key, here.keys["read"].key):
        assert key not in here.server.log_text()
        assert key not in here.api.get("/metrics").text
        assert key not in str(here.admin.get(f"{API}/users/{here.owner.user_id}/keys").expect(200))
        for file in here.server.data.glob("*"):
            assert not file.is_file() or key.encode() not in file.read_bytes(), file


def test_an_expired_key_is_refused(here: world) -> None:
    got = replace(here.owner, key=here.expired).get(f"{API}/users/me")
    got.expect_error(401, "expired_api_key", "Authorization")
    assert "invalid_token" in got.headers["www-authenticate"]


def test_a_key_that_expires_ends_its_streams(here: world) -> None:
    with here.server.client() as second:
        made = here.admin.new_key(here.owner.user_id, expires_at=in_seconds(5))
        short = replace(here.owner, key=made["key"])
        with second.stream("GET", f"{API}/events", headers=bearer(short.key)) as news:
            assert news.next().name == "reset"
            wait_until(lambda: short.get(f"{API}/users/me").status == 401, "the key has expired")
            here.owner.create_interaction(title="after")
            assert "after" not in {one.data["title"] for one in news.rest()}


def test_a_deleted_key_stops_within_a_second_for_open_streams_too(here: world) -> None:
    key = here.admin.new_key(here.owner.user_id)
    going = replace(here.owner, key=key["key"])
    going.get(f"{API}/users/me").expect(200)
    with (
        here.server.client() as second,
        second.stream("GET", f"{API}/events", headers=bearer(going.key)) as news,
    ):
        news.next()
        here.admin.request("DELETE", f"{API}/users/{here.owner.user_id}/keys/{key['key_id']}").expect(204)
        gone_at = time.monotonic()
        wait_until(lambda: going.get(f"{API}/users/me").status == 401, "the key is refused")
        # Asked for all the while, it is not known for longer. Until then something may be told.
        while time.monotonic() - gone_at < 1.05:
            here.owner.create_interaction(title="before")
        here.owner.create_interaction(title="after")
        assert "after" not in {one.data["title"] for one in news.rest()}


def seconds_known_after_deletion(admin: administrator, of: person, at: client) -> float:
    """How long a server goes on to take a key that is deleted, perhaps at another one."""
    key = admin.new_key(of.user_id)
    going = replace(of, key=key["key"], api=at)
    going.get(f"{API}/users/me").expect(200)
    admin.request("DELETE", f"{USERS}/{of.user_id}/keys/{key['key_id']}").expect(204)
    gone_at = time.monotonic()
    wait_until(lambda: going.get(f"{API}/users/me").status == 401, "the key is refused")
    return time.monotonic() - gone_at


def expect_known_for_a_second_at_most(admin: administrator, of: person, at: client) -> None:
    # A busy machine may stand still once, not each time.
    took = [seconds_known_after_deletion(admin, of, at) for _ in range(3)]
    assert min(took) < 1.3, took


def test_a_deleted_key_is_known_for_a_second_at_most(here: world) -> None:
    expect_known_for_a_second_at_most(here.admin, here.owner, here.api)


def test_a_key_that_is_deleted_at_one_server_is_refused_by_another(
    tmp_path: Path, shared_mongo_uri: str
) -> None:
    over = {**store_over(shared_mongo_uri), "server": {"keep_alive_interval": "1s"}}
    with (
        guarded(tmp_path / "one", over) as first,
        guarded(tmp_path / "two", over) as second,
        first.client() as here,
        second.client() as there,
        second.client() as further,
    ):
        admin = first_administrator(here)
        ada = admin.new_person()
        expect_known_for_a_second_at_most(admin, ada, there)
        ada.get(f"{API}/users/me").expect(200)
        elsewhere = replace(ada, api=there)
        elsewhere.get(f"{API}/users/me").expect(200)
        with further.stream("GET", f"{API}/events", headers=bearer(ada.key)) as news:
            news.next()
            admin.request("DELETE", f"{USERS}/{ada.user_id}").expect(204)
            wait_until(lambda: elsewhere.get(f"{API}/users/me").status == 401, "the key is refused there")
            ada.get(f"{API}/users/me").expect_error(401, "invalid_api_key", "Authorization")
            news.rest()
