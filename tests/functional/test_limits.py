"""How much a user and a key may: requests, streams, replies, tokens. Others are not touched by it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from .support.client import API, answer, client, script
from .support.mongo import store_over
from .support.people import USERS, administrator, bearer, first_administrator, guarded, person
from .support.redis import redis_server
from .support.server import server
from .support.waiting import wait_until

ME = f"{API}/users/me"


@pytest.fixture(scope="module", params=["memory", "redis"])
def one(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server]:
    folder = tmp_path_factory.mktemp("limits")
    with ExitStack() as running:
        over: dict[str, Any] = {"limits": {"kind": request.param}}
        if request.param == "redis":
            redis = running.enter_context(redis_server(folder / "redis"))
            over["cache"] = {"kind": "redis", "uri": f"redis://127.0.0.1:{redis.port}", "timeout": "5s"}
        yield running.enter_context(guarded(folder / "server", over))


@pytest.fixture
def api(one: server) -> Iterator[client]:
    with one.client() as connected:
        yield connected


@pytest.fixture
def admin(api: client) -> administrator:
    return first_administrator(api)


def left(got: answer, whose: str) -> int:
    found = re.search(rf'"{whose}";r=([0-9]+);t=[0-9]+', got.headers["ratelimit"])
    assert found, got.headers["ratelimit"]
    return int(found[1])


def wait_of(got: answer, code: str) -> int:
    got.expect_error(429, code)
    return int(got.headers["retry-after"])


def test_requests_beyond_the_limit_are_refused_and_told_when(admin: administrator) -> None:
    ada = admin.new_person(limits={"requests_per_minute": 5})
    for remaining in (4, 3, 2, 1, 0):
        got = ada.get(ME)
        got.expect(200)
        assert got.headers["ratelimit-policy"] == '"user";q=5;w=60'
        assert left(got, "user") == remaining
    refused = ada.get(ME)
    assert 1 <= wait_of(refused, "too_many_requests") <= 12
    assert left(refused, "user") == 0
    # Another key of the same user does not help, and another user is not touched.
    replace(ada, key=admin.new_key(ada.user_id)["key"]).get(ME).expect_error(429, "too_many_requests")
    admin.new_person(limits={"requests_per_minute": 5}).get(ME).expect(200)
    admin.request("PATCH", f"{USERS}/{ada.user_id}", {"limits": {"requests_per_minute": 0}}).expect(200)
    wait_until(lambda: ada.get(ME).status == 200, "the limit is gone")
    assert "ratelimit" not in ada.get(ME).headers


def test_a_key_has_a_limit_beside_its_users(admin: administrator) -> None:
    ada = admin.new_person(limits={"requests_per_minute": 10})
    slow = replace(ada, key=admin.new_key(ada.user_id, limits={"requests_per_minute": 2})["key"])
    slow.get(ME).expect(200)
    got = slow.get(ME)
    assert got.headers["ratelimit-policy"] == '"key";q=2;w=60, "user";q=10;w=60'
    assert (left(got, "key"), left(got, "user")) == (0, 8)
    wait_of(slow.get(ME), "too_many_requests")
    ada.get(ME).expect(200)


def test_a_refused_request_counts_and_stores_nothing(admin: administrator) -> None:
    ada = admin.new_person(limits={"requests_per_minute": 1})
    talk = ada.create_interaction()["interaction_id"]
    same = {"Idempotency-Key": talk}
    path = f"{API}/interactions/{talk}/messages"
    wait_of(ada.request("POST", path, {"content": "x", "respond": False}, same), "too_many_requests")
    admin.request("PATCH", f"{USERS}/{ada.user_id}", {"limits": None}).expect(200)
    wait_until(lambda: ada.get(path).status == 200, "the limit is gone")
    assert ada.get(path).expect(200)["data"] == []
    ada.request("POST", path, {"content": "y", "respond": False}, same).expect(201)  # its key is free


def test_event_streams_have_places(admin: administrator, one: server) -> None:
    ada = admin.new_person(limits={"concurrent_streams": 2})
    talk = ada.create_interaction()["interaction_id"]
    body = {"content": script(["a"] * 1000, delay_ms=20), "stream": True}
    path = f"{API}/interactions/{talk}/messages"
    with one.client() as first, one.client() as second, one.client() as third:
        with (
            first.stream("GET", f"{API}/events", headers=bearer(ada.key)) as news,
            second.stream("POST", path, body, headers=bearer(ada.key)) as turn,
        ):
            news.next()
            turn.next()
            other = ada.create_interaction()["interaction_id"]
            refused = ada.send(other, "hello", stream=True)
            wait_of(refused, "too_many_streams")
            assert refused.headers["ratelimit-policy"] == '"user-streams";q=2;qu="concurrent-requests"'
            assert left(refused, "user-streams") == 0
            assert ada.get(f"{API}/interactions/{other}/messages").expect(200)["data"] == []
            wait_of(ada.get(f"{API}/events"), "too_many_streams")
            ada.send(other, "hello").expect(201)
        with ExitStack() as open_again:

            def has_place() -> bool:
                got = third.stream("GET", f"{API}/events", headers=bearer(ada.key))
                return open_again.enter_context(got).status == 200

            wait_until(has_place, "a place is free again")
        ada.request("DELETE", f"{API}/interactions/{talk}").expect(204)  # its reply would hold up the end


def test_a_refused_stream_takes_no_place(admin: administrator, one: server) -> None:
    ada = admin.new_person(limits={"concurrent_streams": 1})
    talk = ada.create_interaction()["interaction_id"]
    absent = f"{API}/interactions/{talk[:-1]}{'0' if talk[-1] != '0' else '1'}/messages"
    with one.client() as other, one.client() as kept:
        # The connection on which it was refused stays open.
        body = {"content": "x", "stream": True}
        kept.request("POST", absent, body, headers=bearer(ada.key)).expect_error(404, "interaction_not_found")
        with other.stream("GET", f"{API}/events", headers=bearer(ada.key)) as news:
            assert news.status == 200


def test_a_reply_that_interrupts_takes_the_place_of_the_interrupted(admin: administrator) -> None:
    ada = admin.new_person(limits={"queued_generations": 1})
    talk = ada.create_interaction(settings={"on_busy": "interrupt"})["interaction_id"]
    first = ada.send(talk, script(["a"] * 1000, delay_ms=20), background=True).expect(202)["reply"]
    assert ada.send(talk, script(["b"])).expect(201)["reply"]["content"] == "b"
    path = f"{API}/interactions/{talk}/messages/{first['message_id']}"
    assert ada.get(path).expect(200)["status"] in ("interrupted", "stopped")


def test_replies_have_places(admin: administrator) -> None:
    ada = admin.new_person(limits={"queued_generations": 2})
    talks = [ada.create_interaction()["interaction_id"] for _ in range(3)]
    long = script(["a"] * 1000, delay_ms=20)
    running = [ada.send(talk, long, background=True).expect(202)["reply"] for talk in talks[:2]]
    refused = ada.send(talks[2], "hello")
    wait_of(refused, "too_many_generations")
    assert refused.headers["ratelimit-policy"] == '"user-replies";q=2;qu="concurrent-requests"'
    assert left(refused, "user-replies") == 0
    assert ada.get(f"{API}/interactions/{talks[2]}/messages").expect(200)["data"] == []
    ada.send(talks[2], "note", respond=False).expect(201)
    stop = f"{API}/interactions/{talks[0]}/messages/{running[0]['message_id']}/stop"
    ada.request("POST", stop).expect(200)
    ada.send(talks[2], "hello").expect(201)
    # Deleting the conversation of a running reply frees its place, too.
    another = ada.send(talks[0], long, background=True)
    another.expect(202)
    for talk in talks[:2]:
        ada.request("DELETE", f"{API}/interactions/{talk}").expect(204)
    wait_until(lambda: ada.send(talks[2], "hello").status == 201, "the places are free")


def test_tokens_of_a_day_run_out(admin: administrator) -> None:
    ada = admin.new_person(limits={"tokens_per_day": 20})
    talk = ada.create_interaction()["interaction_id"]
    ada.send(talk, script(["a "] * 30)).expect(201)
    refused = ada.send(talk, "more")
    assert 1 <= wait_of(refused, "no_tokens_left") <= 86_400
    assert refused.headers["ratelimit-policy"] == '"user-tokens";q=20;w=86400'
    assert left(refused, "user-tokens") == 0
    admin.request("PATCH", f"{USERS}/{ada.user_id}", {"limits": {"tokens_per_day": 10_000}}).expect(200)
    wait_until(lambda: ada.send(talk, "more").status == 201, "there are tokens again")
    slow: person = replace(ada, key=admin.new_key(ada.user_id, limits={"tokens_per_day": 20})["key"])
    slow.send(talk, script(["a "] * 30)).expect(201)
    wait_of(slow.send(talk, "more"), "no_tokens_left")
    ada.send(talk, "more").expect(201)


def test_limits_are_counted_for_all_processes_together(
    tmp_path: Path, redis: redis_server, shared_mongo_uri: str
) -> None:
    cache = {"kind": "redis", "uri": f"redis://127.0.0.1:{redis.port}", "timeout": "5s"}
    over = {
        **store_over(shared_mongo_uri),
        "limits": {"kind": "redis", "requests_per_minute": 10},
        "cache": cache,
    }
    with (
        guarded(tmp_path / "one", over) as first,
        guarded(tmp_path / "two", over) as second,
        first.client() as here,
        second.client() as there,
    ):
        counts = [first_administrator(api).get(ME) for api in (here, there, here)]
        assert [left(got, "user") for got in counts] == [9, 8, 7]
        redis.kill()
        assert first_administrator(here).get(ME).status == 200, "nobody is held up without Redis"
