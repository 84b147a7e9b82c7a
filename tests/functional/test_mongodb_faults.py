"""What the real program does when its MongoDB is gone, stopped, cut off, slow or loses answers."""

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, begin, client, messages_path, script
from .support.events import check_turn
from .support.fault_proxy import fault_proxy
from .support.mongo import mongo_server, store_over
from .support.server import PATIENCE, server
from .support.waiting import wait_until
from .test_operations import exposition

LONGEST = 15.0  # seconds: the store's deadline of 5 s, and room for a busy machine
FAILED = (
    'parley_store_operation_duration_seconds_count{operation="get_interaction",outcome="store_unavailable"}'
)

FAULTS: dict[
    str, tuple[Callable[[mongo_server, fault_proxy], None], Callable[[mongo_server], None] | None]
] = {
    "killed": (lambda mongo, _: mongo.kill(), lambda mongo: mongo.start()),
    "stopped": (lambda mongo, _: mongo.signal(signal.SIGSTOP), lambda mongo: mongo.signal(signal.SIGCONT)),
    "refuse": (lambda _, proxy: proxy.refuse(), None),
    "black_hole": (lambda _, proxy: proxy.black_hole(), None),
    "too_slow": (lambda _, proxy: proxy.slow(LONGEST), None),
}


@pytest.fixture
def proxy(mongo: mongo_server) -> Iterator[fault_proxy]:
    with fault_proxy(mongo.port) as one:
        yield one


@pytest.fixture
def running(proxy: fault_proxy, new_server: start_server) -> server:
    return new_server(store_over(f"mongodb://127.0.0.1:{proxy.port}/") | {"cache": {"kind": "none"}})


def refusal(one: client, method: str, path: str, body: Any) -> None:
    """The request is refused in time, and told when to come again."""
    begun = time.monotonic()
    answer = one.request(method, path, body)
    assert time.monotonic() - begun < LONGEST
    answer.expect_error(503, "store_unavailable")
    assert answer.headers["retry-after"] == "1"


def unavailable(running: server, interaction_id: str) -> None:
    """Every kind of request, all at once; the health pages and the metrics tell."""
    path = f"{API}/interactions/{interaction_id}"
    requests: list[tuple[str, str, Any]] = [
        ("GET", path, None),
        ("GET", f"{API}/interactions", None),
        ("GET", f"{path}/messages", None),
        ("POST", f"{API}/interactions", {}),
        ("PATCH", path, {"title": "x"}),
        ("POST", f"{path}/messages", {"content": "unseen", "respond": False}),
    ]
    with ExitStack() as clients, ThreadPoolExecutor(len(requests)) as pool:
        asking = [pool.submit(refusal, clients.enter_context(running.client()), *what) for what in requests]
        for request in asking:
            request.result()
    with running.client() as one:
        not_ready = one.get("/readyz")
        assert (not_ready.status, not_ready.body["checks"]["store"]) == (503, "store_unavailable")
        assert one.get("/healthz").status == 200
        assert exposition(one)[FAILED] >= 1


def ready(one: client) -> bool:
    return one.get("/readyz").status == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_database_out_of_reach_is_told_in_time_and_it_recovers(
    mongo: mongo_server, proxy: fault_proxy, running: server, fault: str
) -> None:
    strike, mend = FAULTS[fault]
    with running.client() as one:
        talk = one.create_interaction()["interaction_id"]
        before = one.note(talk, "before")
        strike(mongo, proxy)
        unavailable(running, talk)
        proxy.heal()
        if mend is not None:
            mend(mongo)
        wait_until(lambda: ready(one), "it is ready again", PATIENCE)
        after = one.note(talk, "after")
        stored = one.messages(talk)
        # A request may have arrived whose answer did not, as with every database.
        seen = [m["message_id"] for m in stored if m["content"] != "unseen"]
        assert seen == [before["message_id"], after["message_id"]]
        assert [m["seq"] for m in stored] == list(range(1, len(stored) + 1))
        assert len(stored) <= 3
        assert one.interaction(talk)["message_count"] == len(stored)
        fresh = one.create_interaction()["interaction_id"]
        assert one.say(fresh, script(["and on"]))["content"] == "and on"


def test_a_slow_database_is_waited_for(proxy: fault_proxy, running: server) -> None:
    with running.client() as one:
        proxy.slow(0.1)
        talk = one.create_interaction(title="slow")["interaction_id"]
        assert one.say(talk, script(["a"], repeat=20, delay_ms=1))["content"] == "a" * 20
        one.note(talk, "noted")
        assert one.get("/readyz").expect(200)["checks"]["store"] == "ok"
        assert one.interaction(talk)["message_count"] == 3
        proxy.heal()

        def took() -> float:
            begun = time.monotonic()
            one.note(talk, "fast")
            return time.monotonic() - begun

        assert min(took() for _ in range(5)) < 0.3, "3 round trips, no longer of 0.1 s each"


def test_answers_lost_after_the_commit_change_nothing(proxy: fault_proxy, running: server) -> None:
    """Each request is answered as if nothing had happened, and nothing is there twice."""
    with running.client() as one:
        talk = ""
        contents: list[str] = []

        def create() -> None:
            nonlocal talk
            talk = one.create_interaction(title="0")["interaction_id"]

        def rename() -> None:
            changed = one.request("PATCH", f"{API}/interactions/{talk}", {"title": "1"}).expect(200)
            assert changed["title"] == "1"

        def note() -> None:
            one.note(talk, f"note {len(contents)}")
            contents.append(f"note {len(contents)}")

        def say() -> None:
            asked = script(["re", "ply"], first_delay_ms=len(contents))
            assert one.say(talk, asked)["content"] == "reply"
            contents.extend([asked, "reply"])

        def delete() -> None:
            one.request("DELETE", f"{API}/interactions/{talk}").expect(204)

        # The commands of each request that change something, as the protocol spells them.
        lost = 0
        for request, commands in [
            (create, ["insert"]),
            (rename, ["findAndModify"]),
            (say, ["findAndModify", "insert", "update"]),
            (note, ["insert", "update"]),
        ]:
            for command in commands:
                proxy.lose_reply(b"\x02" + command.encode() + b"\x00")
                request()
                lost += 1
                assert proxy.replies_lost == lost, f"{request.__name__} sent no {command}"
                if talk:
                    assert [m["content"] for m in one.messages(talk)] == contents
                    assert one.interaction(talk)["message_count"] == len(contents)
        proxy.lose_reply(b"\x02delete\x00")
        delete()
        assert proxy.replies_lost == lost + 1
        one.get(f"{API}/interactions/{talk}").expect_error(404, "interaction_not_found")
        assert ready(one)


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


def test_replies_go_on_while_the_database_is_stopped(
    mongo: mongo_server, proxy: fault_proxy, running: server
) -> None:
    """Readers get the text as it comes; the ends are told when they are stored."""
    text = "word " * 400
    with running.client() as one:
        talks = [one.create_interaction()["interaction_id"] for _ in range(8)]
    stopped = Barrier(len(talks) + 1)

    def read(talk: str) -> dict[str, Any]:
        body = {"content": script(["word "], repeat=400, delay_ms=10), "stream": True}
        with running.client() as mine, mine.stream("POST", messages_path(talk), body) as turn:
            events = [turn.next(), turn.next()]  # it has begun
            stopped.wait(PATIENCE)
            stopped.wait(PATIENCE)
            while (deltas := "".join(e.data["delta"] for e in events[1:])) != text:
                events.append(turn.next())
            stopped.wait(PATIENCE)
            final: dict[str, Any] = check_turn([*events, *turn.rest()]).reply
            assert (final["status"], final["content"]) == ("complete", deltas)
            return final

    with ThreadPoolExecutor(len(talks)) as pool:
        readers = [pool.submit(read, talk) for talk in talks]
        stopped.wait(PATIENCE)
        mongo.signal(signal.SIGSTOP)
        stopped.wait(PATIENCE)
        with running.client() as one:
            refusal(one, "GET", f"{API}/interactions/{talks[0]}", None)
        stopped.wait(PATIENCE)  # everybody has the whole text
        running.wait_for_log("reply not stored")
        mongo.signal(signal.SIGCONT)
        replies = [reader.result(PATIENCE) for reader in readers]
    with running.client() as one:
        wait_until(lambda: ready(one), "it is ready again", PATIENCE)
        for talk, reply in zip(talks, replies, strict=True):
            assert one.messages(talk)[1:] == [reply]
            assert one.interaction(talk)["message_count"] == 2
            assert one.say(talk, script(["and on"]))["content"] == "and on"
