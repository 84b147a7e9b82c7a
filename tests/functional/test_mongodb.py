"""The real program on a MongoDB store, and what it does when that store is gone."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client, messages_path, script
from .support.mongo import REAL, fault_proxy, fresh_database, mongo_server, store_over
from .support.server import PATIENCE, SANITIZED, run_parley
from .support.waiting import wait_until

LONGEST = 6.0 * (3 if SANITIZED else 1)  # seconds: the store's deadline of 5 s, and some for the machine

pytestmark = pytest.mark.skipif(REAL is not None, reason="these tests kill the database")


@pytest.fixture
def mongo(tmp_path: Path) -> Iterator[mongo_server]:
    with mongo_server(tmp_path / "mongo.h2") as one:
        yield one


def unavailable(one: client, interaction_id: str) -> None:
    """Every kind of request is refused in time, and says when to come again."""
    for method, path, body in [
        ("GET", f"{API}/interactions/{interaction_id}", None),
        ("GET", f"{API}/interactions", None),
        ("POST", f"{API}/interactions", {}),
        ("POST", f"{API}/interactions/{interaction_id}/messages", {"content": "x", "respond": False}),
    ]:
        begun = time.monotonic()
        answer = one.request(method, path, body)
        assert time.monotonic() - begun < LONGEST
        answer.expect_error(503, "store_unavailable")
        assert answer.headers["retry-after"] == "1"
    not_ready = one.get("/readyz")
    assert (not_ready.status, not_ready.body["checks"]["store"]) == (503, "store_unavailable")
    assert one.get("/healthz").status == 200


def begin(one: client, interaction_id: str, content: str) -> str:
    """Starts a reply and leaves it to itself; its id."""
    with one.stream("POST", messages_path(interaction_id), {"content": content, "stream": True}) as turn:
        created: str = turn.next().data["reply"]["message_id"]
    return created


def ready(one: client) -> bool:
    return one.get("/readyz").status == 200


@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
def test_a_database_out_of_reach_is_told_in_time_and_it_recovers(
    mongo: mongo_server, new_server: start_server, fault: str
) -> None:
    with fault_proxy(mongo.port) as proxy, new_server(store_over(proxy.uri)).client() as one:
        talk = one.create_interaction()
        kept = one.note(talk["interaction_id"], "before")
        getattr(proxy, fault)()
        unavailable(one, talk["interaction_id"])
        proxy.heal()
        wait_until(lambda: ready(one), "it is ready again", PATIENCE)
        later = one.note(talk["interaction_id"], "after")
        assert [m["message_id"] for m in one.messages(talk["interaction_id"])] == [
            kept["message_id"],
            later["message_id"],
        ]


def test_a_killed_database_loses_nothing_that_was_acknowledged(
    mongo: mongo_server, new_server: start_server
) -> None:
    running = new_server(store_over(mongo.uri))
    with running.client() as one:
        talks = [one.create_interaction()["interaction_id"] for _ in range(4)]

        def write(talk: str) -> list[str]:
            """Until it fails; what was acknowledged."""
            acknowledged: list[str] = []
            with running.client() as mine:
                for i in range(10_000):
                    sent = mine.send(talk, f"message {i}", respond=False)
                    if sent.status != 201:
                        assert sent.status in (503, 504), sent.text
                        return acknowledged
                    acknowledged.append(sent.body["user_message"]["message_id"])
            raise AssertionError("the database was never missed")

        with ThreadPoolExecutor(len(talks)) as pool:
            writers = [pool.submit(write, talk) for talk in talks]
            wait_until(lambda: len(one.messages(talks[0])) >= 20, "writing goes well", PATIENCE)
            mongo.kill()
            acknowledged = [writer.result(PATIENCE) for writer in writers]
        assert sum(map(len, acknowledged)) >= 20
        mongo.start()
        wait_until(lambda: ready(one), "it is ready again", PATIENCE)
        for talk, ids in zip(talks, acknowledged, strict=True):
            one.note(talk, "and on")  # settles what was cut short
            stored = one.messages(talk)
            assert [m["seq"] for m in stored] == list(range(1, len(stored) + 1))
            assert one.interaction(talk)["message_count"] == len(stored)
            found = [m["message_id"] for m in stored]
            assert [i for i in found if i in set(ids)] == ids
            assert len(found) <= len(ids) + 2  # the one in flight, and the last


def test_a_reply_survives_the_databases_restart(mongo: mongo_server, new_server: start_server) -> None:
    with new_server(store_over(mongo.uri)).client() as one:
        talk = one.create_interaction()["interaction_id"]
        reply_id = begin(one, talk, script(["a"], repeat=50, delay_ms=40))
        mongo.kill()
        mongo.start()

        def over() -> bool:
            stored = one.get(messages_path(talk, reply_id))
            return stored.status == 200 and stored.body["status"] not in ("in_progress", "queued")

        wait_until(over, "the reply has ended", PATIENCE)
        reply = one.messages(talk)[-1]
        assert (reply["status"], reply["content"]) == ("complete", "a" * 50)


def start_failure(tmp_path: Path, over: dict[str, Any], **variables: str) -> str:
    """What it says when it does not start."""
    from .support.server import environment, server

    file = server(tmp_path / "refused", over).config_file()
    done = run_parley("serve", "--config", str(file), env={**environment(), **variables})
    assert done.returncode == 1
    return done.stderr


def test_start_up_says_what_to_do(mongo: mongo_server, tmp_path: Path) -> None:
    nobody = start_failure(tmp_path, store_over("mongodb://127.0.0.1:1/"))
    assert "MongoDB at 127.0.0.1:1 can not be reached: check that it runs" in nobody
    weak = start_failure(tmp_path, store_over(mongo.uri + "?w=1"))
    assert "Leave w out of it" in weak
    secret = mongo.uri.replace("mongodb://", "mongodb://ada:hidden-word@")
    refused = start_failure(tmp_path, store_over("mongodb://x/"), PARLEY_STORE_URI=secret)
    assert "does not let Parley in: check user, password and authSource" in refused
    assert "hidden-word" not in refused
    bad = start_failure(
        tmp_path, store_over("mongodb://x/"), PARLEY_STORE_URI="mongodb://ada:hidden-word:b@@a/"
    )
    assert "is no MongoDB address such as" in bad
    assert "hidden-word" not in bad


def test_a_restarted_server_finds_everything_and_ends_what_was_left(
    mongo: mongo_server, new_server: start_server
) -> None:
    over = store_over(mongo.uri, fresh_database())
    first = new_server(over, "first")
    with first.client() as one:
        user = one.get(f"{API}/users/me").expect(200)["user_id"]
        talk = one.create_interaction(title="Kept")["interaction_id"]
        assert one.say(talk, script(["Hello"]))["content"] == "Hello"
        reply = messages_path(talk, begin(one, talk, script(["a"], repeat=2000, delay_ms=20)))
        wait_until(lambda: one.get(reply).body["content"] != "", "a checkpoint was stored", PATIENCE)
    first.kill()
    with new_server(over, "second").client() as one:
        assert one.get(f"{API}/users/me").expect(200)["user_id"] == user
        assert one.interaction(talk)["title"] == "Kept"
        wait_until(lambda: one.get(reply).body["status"] == "interrupted", "the reply is over", PATIENCE)
        assert one.get(reply).body["content"].startswith("a")
        assert one.say(talk, script(["and on"]))["content"] == "and on"
