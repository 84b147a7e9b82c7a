"""kill -9 at random points of streaming turns, again and again."""

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest

from .conftest import full, start_server
from .support.client import client, messages_path, script

ROUNDS = int(os.environ.get("PARLEY_TEST_ROUNDS", 200 if full else 20))
SEED = int(os.environ.get("PARLEY_TEST_SEED", random.randrange(2**32)))
TALKS = 4
TOKEN_MS = 4
WORD = "word "
LOSS = 2.0  # seconds of text: the checkpoint's second, and as much for a busy machine


@dataclass
class talking:
    """A reader of one interaction's turns, and what it was told."""

    interaction_id: str
    sent: int = 0
    seen: dict[str, tuple[str, str]] = field(default_factory=dict)  # reply: user message, text


def talk_until_killed(base_url: str, book: talking, begun: threading.Semaphore) -> None:
    api = client(base_url)
    body = {"content": script([WORD], repeat=100_000, delay_ms=TOKEN_MS), "stream": True}
    try:
        with api.stream("POST", messages_path(book.interaction_id), body) as turn:
            created = turn.next().data
            reply = created["reply"]["message_id"]
            asked = created["user_message"]["message_id"]
            book.seen[reply] = (asked, "")
            begun.release()
            text = ""
            while True:
                text += turn.next().data["delta"]
                book.seen[reply] = (asked, text)
    except (httpx.TransportError, AssertionError, StopIteration):
        begun.release()
    finally:
        api.close()


def check(api: client, book: talking) -> None:
    stored = {m["message_id"]: m for m in api.messages(book.interaction_id)}
    listed = list(stored.values())
    assert [m["seq"] for m in listed] == list(range(1, len(listed) + 1))
    assert api.interaction(book.interaction_id)["message_count"] == len(listed)
    assert all(m["status"] in ("complete", "interrupted") for m in listed), listed[-2:]
    for reply, (asked, text) in book.seen.items():
        assert stored[asked]["status"] == "complete"
        kept = stored[reply]["content"]
        assert stored[reply]["status"] == "interrupted"
        assert kept == WORD * (len(kept) // len(WORD))
        lost = (len(text) - len(kept)) / len(WORD) * TOKEN_MS / 1000
        assert lost <= LOSS, f"{lost:.2f} s of text are missing"
    # A turn that was begun and not told of, in each round, at most.
    assert len([m for m in listed if m["role"] == "user"]) <= len(book.seen) + book.sent


@pytest.mark.timeout(3600)
def test_kill_9_at_random_points_of_turns(new_server: start_server) -> None:
    dice = random.Random(SEED)
    print(f"PARLEY_TEST_SEED={SEED}")
    one = new_server()
    with one.client() as api:
        books = [talking(api.create_interaction()["interaction_id"]) for _ in range(TALKS)]
    for _ in range(ROUNDS):
        begun = threading.Semaphore(0)
        with ThreadPoolExecutor(TALKS) as pool:
            readers = [pool.submit(talk_until_killed, one.base_url, book, begun) for book in books]
            for _ in readers:
                assert begun.acquire(timeout=60)
            pause = threading.Event()
            pause.wait(dice.uniform(0, 1.6))
            one.kill()
            for reader in readers:
                reader.result(60)
        started = time.monotonic()
        one.start()
        assert time.monotonic() - started < 30
        with one.client() as api:
            for book in books:
                check(api, book)
                book.sent += 1
                assert api.say(book.interaction_id, script(["on"]))["content"] == "on"
