"""Administrators and users, their keys, and the end of a user."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from .support.client import API, client, script
from .support.mongo import store_over
from .support.people import BOOTSTRAP, USERS, absent, administrator, bearer, first_administrator, guarded
from .support.server import PATIENCE, server
from .support.waiting import wait_until


@pytest.fixture(scope="module", params=["sqlite", "mongodb"])
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server]:
    over = store_over(request.getfixturevalue("shared_mongo_uri")) if request.param == "mongodb" else {}
    with guarded(tmp_path_factory.mktemp("users"), over) as running:
        yield running


@pytest.fixture
def api(one: server) -> Iterator[client]:
    with one.client() as connected:
        yield connected


@pytest.fixture
def admin(api: client) -> administrator:
    return first_administrator(api)


def test_a_user_is_made_read_changed_and_listed(admin: administrator) -> None:
    made = admin.request("POST", USERS, {"name": "Ada", "extra": {"team": "engines"}})
    user = made.expect(201)
    assert (user["name"], user["is_admin"], user["extra"]) == ("Ada", False, {"team": "engines"})
    assert set(user["limits"].values()) == {None}
    path = f"{USERS}/{user['user_id']}"
    assert made.headers["location"] == path
    assert admin.get(path).expect(200) == user
    change = {"is_admin": True, "limits": {"requests_per_minute": 7, "tokens_per_day": 0}}
    changed = admin.request("PATCH", path, change).expect(200)
    expected = {**user["limits"], "requests_per_minute": 7, "tokens_per_day": 0}
    assert changed == {**user, "is_admin": True, "limits": expected}
    changed = admin.request("PATCH", path, {"limits": {"concurrent_streams": 1}, "name": ""}).expect(200)
    assert changed["limits"] == {**user["limits"], "concurrent_streams": 1}
    assert admin.request("PATCH", path, {"limits": None}).expect(200)["limits"] == user["limits"]
    assert "interaction_list" not in changed


def test_users_are_listed_page_by_page(admin: administrator) -> None:
    made = [admin.new_user(name=f"user {i}") for i in range(5)]
    page = admin.get(f"{USERS}?limit=3").expect(200)
    assert [one["user_id"] for one in page["data"]] == made[:1:-1]
    older = admin.get(f"{USERS}?limit=2&cursor={page['next_cursor']}").expect(200)
    assert [one["user_id"] for one in older["data"]] == made[1::-1]
    back = admin.get(f"{USERS}?limit=2&cursor={older['prev_cursor']}").expect(200)
    assert [one["user_id"] for one in back["data"]] == made[3:1:-1]
    admin.get(f"{USERS}?cursor=x").expect_error(404, "cursor_not_found", "cursor")


def test_bad_input_is_refused_and_changes_nothing(admin: administrator) -> None:
    user = admin.new_user()
    path = f"{USERS}/{user}"
    before = admin.get(path).expect(200)
    for body, code, param in [
        ({"limits": {"requests_per_minute": -1}}, "invalid_limits", "limits.requests_per_minute"),
        ({"limits": {"tokens_per_day": 10**12 + 1}}, "invalid_limits", "limits.tokens_per_day"),
        ({"limits": {"seconds": 1}}, "unknown_field", "limits.seconds"),
        ({"limits": 3}, "invalid_type", "limits"),
        ({"is_admin": "yes"}, "invalid_type", "is_admin"),
        ({"name": "x" * 201}, "invalid_name", "name"),
        ({"user_id": user}, "unknown_field", "user_id"),
    ]:
        admin.request("PATCH", path, body).expect_error(422, code, param)
        admin.request("POST", USERS, body).expect_error(422, code, param)
    for body, code, param in [
        ({"scopes": []}, "invalid_scopes", "scopes"),
        ({"scopes": ["root"]}, "invalid_scopes", "scopes"),
        ({"scopes": ["admin"]}, "invalid_scopes", "scopes"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "invalid_expires_at", "expires_at"),
        ({"expires_at": "tomorrow"}, "invalid_expires_at", "expires_at"),
        ({"key": "parley_x"}, "unknown_field", "key"),
    ]:
        admin.request("POST", f"{path}/keys", body).expect_error(422, code, param)
    assert admin.get(path).expect(200) == before
    assert admin.get(f"{path}/keys").expect(200)["data"] == []
    for method, target in [("GET", absent()), ("PATCH", absent()), ("DELETE", absent()), ("GET", "x")]:
        body = {} if method == "PATCH" else None
        admin.request(method, f"{USERS}/{target}", body).expect_error(404, "user_not_found")
    admin.request("POST", f"{USERS}/{absent()}/keys", {}).expect_error(404, "user_not_found")
    admin.request("DELETE", f"{path}/keys/{absent()}").expect_error(404, "key_not_found")


def test_one_who_is_no_administrator_any_more_administers_nothing(admin: administrator) -> None:
    boss = admin.new_person(["read", "write", "admin"], is_admin=True)
    boss.get(USERS).expect(200)
    admin.request("PATCH", f"{USERS}/{boss.user_id}", {"is_admin": False}).expect(200)
    wait_until(lambda: boss.get(USERS).status == 403, "the scope admin is worth nothing")
    boss.get(f"{API}/users/me").expect(200)


def test_users_manage_their_own_keys_and_give_no_more_than_they_have(admin: administrator) -> None:
    ada = admin.new_person(["write"])
    own = f"{API}/users/me/keys"
    ada.request("POST", own, {}).expect_error(403, "insufficient_scope", "scopes")  # read, too, by default
    made = ada.request("POST", own, {"name": "script", "scopes": ["write"]}).expect(201)
    assert made["key"].startswith(made["hint"])
    ada.request("POST", own, {"scopes": ["admin"]}).expect_error(403, "insufficient_scope", "scopes")
    replace(ada, key=made["key"]).create_interaction()
    seen = admin.get(f"{USERS}/{ada.user_id}/keys").expect(200)["data"]
    assert seen[0]["key_id"] == made["key_id"]
    assert seen[0]["name"] == "script"
    assert seen[0]["last_used_at"] is not None
    assert "key" not in seen[0]
    ada.request("DELETE", f"{own}/{made['key_id']}").expect(204)
    ada.request("DELETE", f"{own}/{made['key_id']}").expect_error(404, "key_not_found")
    other = admin.new_person()
    other.request("DELETE", f"{own}/{seen[1]['key_id']}").expect_error(404, "key_not_found")


def test_a_copy_of_a_request_makes_nothing_twice(admin: administrator) -> None:
    same = {"Idempotency-Key": absent()}
    user = admin.request("POST", USERS, {"name": "Bob"}, same).expect(201)
    again = admin.request("POST", USERS, {"name": "Bob"}, same)
    assert again.expect(201) == user
    assert again.headers["idempotency-replayed"] == "true"
    keys = f"{USERS}/{user['user_id']}/keys"
    other = {"Idempotency-Key": absent()}
    admin.request("POST", keys, {}, other).expect(201)
    admin.request("POST", keys, {}, other).expect_error(409, "key_shown_before", "Idempotency-Key")
    assert len(admin.get(keys).expect(200)["data"]) == 1


def test_a_key_with_an_end_or_with_limits_makes_no_keys(admin: administrator) -> None:
    boss = admin.new_person(["read", "write", "admin"], is_admin=True)
    bounds: list[dict[str, Any]] = [
        {"expires_at": "2999-12-31T00:00:00Z"},
        {"limits": {"requests_per_minute": 1000}},
    ]
    everything = ["read", "write", "admin"]
    for bound in bounds:
        short = replace(boss, key=admin.new_key(boss.user_id, scopes=everything, **bound)["key"])
        # The same by both paths, also for a key that would have the same bounds.
        for path in (f"{API}/users/me/keys", f"{USERS}/{boss.user_id}/keys"):
            for body in ({"scopes": ["read"]}, {"scopes": ["read"], **bound}):
                short.request("POST", path, body).expect_error(403, "key_is_bounded")
        # What it makes for others stands in the audit log.
        other = admin.new_user()
        short.request("POST", f"{USERS}/{other}/keys", {}).expect(201)
    assert len(admin.get(f"{USERS}/{boss.user_id}/keys").expect(200)["data"]) == 1 + len(bounds)


def test_administrators_give_themselves_no_more_than_they_have(admin: administrator) -> None:
    boss = admin.new_person(["admin"], is_admin=True)
    path = f"{USERS}/{boss.user_id}/keys"
    for scopes in (["read"], ["write"], ["read", "write", "admin"]):
        boss.request("POST", path, {"scopes": scopes}).expect_error(403, "insufficient_scope", "scopes")
    boss.request("POST", path, {"scopes": ["admin"]}).expect(201)
    other = admin.new_user()
    boss.request("POST", f"{USERS}/{other}/keys", {"scopes": ["read", "write"]}).expect(201)


def test_who_was_deleted_is_not_made_again_by_a_copy(admin: administrator) -> None:
    same = {"Idempotency-Key": absent()}
    user = admin.request("POST", USERS, {"name": "Bob"}, same).expect(201)["user_id"]
    path = f"{USERS}/{user}"
    admin.request("PATCH", path, {"name": "Robert"}).expect(200)
    assert admin.request("POST", USERS, {"name": "Bob"}, same).expect(201)["name"] == "Robert"
    admin.request("DELETE", path).expect(204)
    for _ in range(2):
        copy = admin.request("POST", USERS, {"name": "Bob"}, same)
        copy.expect_error(409, "gone_meanwhile", "Idempotency-Key")
    admin.get(path).expect_error(404, "user_not_found")
    admin.request("POST", USERS, {"name": "Bob"}, {"Idempotency-Key": absent()}).expect(201)


def test_a_late_copy_does_not_make_a_key_again_that_was_deleted(tmp_path: Path) -> None:
    same = {"Idempotency-Key": absent()}
    with guarded(tmp_path) as one, one.client() as api:
        admin = first_administrator(api)
        path = f"{USERS}/{admin.new_user()}/keys"
        key = admin.request("POST", path, {}, same).expect(201)["key_id"]
        admin.request("DELETE", f"{path}/{key}").expect(204)
    # A copy is late when a minute has passed.
    with contextlib.closing(sqlite3.connect(one.data / "parley.db")) as db, db:
        assert db.execute("UPDATE requests SET at = at - 60000").rowcount == 1
    with one, one.client() as api:
        admin = first_administrator(api)
        for _ in range(2):
            copy = admin.request("POST", path, {}, same)
            copy.expect_error(409, "gone_meanwhile", "Idempotency-Key")
        assert admin.get(path).expect(200)["data"] == []
        admin.request("POST", path, {}, {"Idempotency-Key": absent()}).expect(201)


def test_a_user_has_a_hundred_keys_at_most(admin: administrator) -> None:
    user = admin.new_user()
    for _ in range(100):
        admin.new_key(user)
    admin.request("POST", f"{USERS}/{user}/keys", {}).expect_error(409, "too_many_keys")
    keys = admin.get(f"{USERS}/{user}/keys").expect(200)["data"]
    assert len(keys) == 100
    admin.request("DELETE", f"{USERS}/{user}/keys/{keys[0]['key_id']}").expect(204)
    admin.new_key(user)


def test_deleting_a_user_deletes_all_that_is_theirs(admin: administrator, api: client, one: server) -> None:
    gone, stays = admin.new_person(), admin.new_person()
    talks = [gone.create_interaction()["interaction_id"] for _ in range(30)]
    reply = gone.send(talks[0], script(["a"])).expect(201)["reply"]
    kept = stays.create_interaction()["interaction_id"]
    gone.send(talks[1], script(["x"] * 500, delay_ms=20), background=True).expect(202)
    with one.client() as second, second.stream("GET", f"{API}/events", headers=bearer(gone.key)) as news:
        news.next()
        admin.request("DELETE", f"{USERS}/{gone.user_id}").expect(204)
        admin.get(f"{USERS}/{gone.user_id}").expect_error(404, "user_not_found")
        wait_until(lambda: gone.get(f"{API}/users/me").status == 401, "the user's key is refused")
    admin.request("DELETE", f"{USERS}/{gone.user_id}").expect_error(404, "user_not_found")
    assert gone.user_id not in str(admin.get(f"{USERS}?limit=100").expect(200))
    stays.get(f"{API}/interactions/{kept}").expect(200)
    if one.config["store"].get("kind") != "mongodb":
        # The reply that ran counts what it used when it finds itself gone; the next sweep takes that away.
        ids = [gone.user_id, *talks, reply["message_id"]]
        wait_until(lambda: not traces_of(one, ids), "there is no trace left", PATIENCE)


def traces_of(one: server, ids: list[str]) -> list[tuple[str, Any]]:
    """The rows with one of these ids; what SQLite has freed on disk it writes over in time."""
    found: list[tuple[str, Any]] = []
    with sqlite3.connect(f"file:{one.data}/parley.db?mode=ro", uri=True) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        wanted = {bytes.fromhex(text.replace("-", "")) for text in ids}
        for table in tables:
            if table == "deleted_users":
                continue
            for row in db.execute(f"SELECT * FROM {table}"):
                if wanted & {value for value in row if isinstance(value, bytes)}:
                    found.append((table, row))
    return found


def test_the_first_user_can_not_be_deleted(admin: administrator) -> None:
    me = admin.get(f"{API}/users/me").expect(200)
    assert me["is_admin"] is True
    admin.request("DELETE", f"{USERS}/{me['user_id']}").expect_error(409, "local_user")


def test_what_administrators_do_is_in_the_audit_log(admin: administrator, one: server) -> None:
    boss = admin.new_person(["admin"], is_admin=True)
    name = "line\nbreak \u202e and \x1b[31m"
    user = boss.request("POST", USERS, {"name": name}, {"X-Request-Id": "audited"}).expect(201)["user_id"]
    key = boss.request("POST", f"{USERS}/{user}/keys", {}).expect(201)
    boss.request("DELETE", f"{USERS}/{user}/keys/{key['key_id']}").expect(204)
    boss.request("DELETE", f"{USERS}/{user}").expect(204)
    lines = [line for line in one.log_lines() if line["level"] == "audit" and line["user_id"] == user]
    acts = ["user_created", "key_created", "key_deleted", "user_deleted"]
    assert [line["event"] for line in lines] == acts
    assert {line["by_user"] for line in lines} == {boss.user_id}
    assert lines[0]["request_id"] == "audited"
    assert lines[1]["key_id"] == lines[2]["key_id"] == key["key_id"]
    assert all(line["by_key"] for line in lines)
    assert key["key"] not in one.log_text()


def test_a_user_that_was_made_before_one_asks_again_is_in_the_audit_log(
    admin: administrator, one: server
) -> None:
    key = {"Idempotency-Key": "made-before"}
    user = admin.request("POST", USERS, {"is_admin": True}, key).expect(201)["user_id"]
    assert admin.request("POST", USERS, {"is_admin": True}, key).expect(201)["user_id"] == user
    lines = [line for line in one.log_lines() if line["level"] == "audit" and line["user_id"] == user]
    # Of the first request nobody may have seen that it was carried out.
    assert [(line["event"], line["is_admin"], line["outcome"]) for line in lines] == [
        ("user_created", "true", "")
    ] * 2


def test_the_audit_log_says_what_was_changed_and_given(admin: administrator, one: server) -> None:
    user = admin.new_user(is_admin=True)
    path = f"{USERS}/{user}"
    for change in ({"name": "x"}, {"is_admin": False}, {"limits": {"tokens_per_day": 7}}):
        admin.request("PATCH", path, change).expect(200)
    admin.new_key(user)
    admin.new_key(user, scopes=["read"], expires_at="2999-12-31T00:00:00Z")
    lines = [line for line in one.log_lines() if line["level"] == "audit" and line["user_id"] == user]
    told = [(line["event"], line["is_admin"], line["limits_changed"]) for line in lines]
    assert told == [
        ("user_created", "true", ""),
        ("user_changed", "", ""),
        ("user_changed", "false", ""),
        ("user_changed", "", "true"),
        ("key_created", "", ""),
        ("key_created", "", ""),
    ]
    given = [(line["scopes"], line["expires_at"]) for line in lines if line["event"] == "key_created"]
    assert given == [("read write", ""), ("read", "2999-12-31T00:00:00.000Z")]


def test_who_asks_for_what_administrators_may_is_in_the_audit_log(admin: administrator, one: server) -> None:
    ada = admin.new_person()
    path = f"{USERS}/{ada.user_id}"
    asked = ada.request("PATCH", path, {"is_admin": True}, {"X-Request-Id": "a-try"})
    asked.expect_error(403, "insufficient_scope")
    ada.get(f"{API}/users/me").expect(200)
    mine = [line for line in one.log_lines() if line["level"] == "audit" and line["by_user"] == ada.user_id]
    told = [(line["event"], line["method"], line["path"], line["request_id"]) for line in mine]
    assert told == [("refused", "PATCH", path, "a-try")]
    assert mine[0]["by_key"]


def test_they_are_written_whatever_the_log_leaves_out(tmp_path: Path) -> None:
    with guarded(tmp_path, {"log": {"level": "error", "requests": "none"}}) as quiet, quiet.client() as api:
        user = first_administrator(api).new_user()
        assert [json.loads(line)["user_id"] for line in quiet.log_text().splitlines()] == [user]


def test_a_server_without_a_bootstrap_key_takes_keys_of_its_store(tmp_path: Path) -> None:
    with guarded(tmp_path) as first, first.client() as api:
        ada = first_administrator(api).new_person()
    with guarded(tmp_path, bootstrap=None) as second, second.client() as api:
        replace(ada, api=api).get(f"{API}/users/me").expect(200)
        api.request("GET", f"{API}/users/me", headers=bearer(BOOTSTRAP)).expect_error(401, "invalid_api_key")
