"""What writers were told by the server, to be compared with what it has after it was killed."""

import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from os import environ
from typing import Any

import httpx

from .client import API, answer, client, messages_path, script
from .events import TERMINAL, read_events
from .server import PATIENCE

# Statuses of a server whose store is out of reach: what was asked for may have happened, or not.
OUT_OF_REACH = frozenset({503, 504})


def seeded() -> random.Random:
    """Chance that can be had again: the seed is printed, and PARLEY_TEST_SEED sets it."""
    seed = int(environ.get("PARLEY_TEST_SEED", secrets.randbelow(2**32)))
    print(f"PARLEY_TEST_SEED={seed} repeats this")
    return random.Random(seed)


def patiently(ask: Callable[[], answer]) -> answer:
    """Asks until the store is in reach: just started, on a busy machine, it may be slower than allowed."""
    deadline = time.monotonic() + PATIENCE
    while (got := ask()).status in OUT_OF_REACH and time.monotonic() < deadline:
        pass
    return got


def all_messages(api: client, interaction_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more: dict[str, Any] = {"order": "asc", "limit": 100}
    while True:
        page = patiently(lambda: api.get(messages_path(interaction_id), **more)).expect(200)
        found += page["data"]
        if not page["has_more"]:
            return found
        more["cursor"] = page["next_cursor"]


@dataclass
class book:
    """What one writer tried and was told, of one interaction. One thread at a time."""

    interaction_id: str
    tried: list[str] = field(default_factory=list)  # contents of the user's messages
    # What was acknowledged, by message id, in order: status and content; None while it may still change.
    promised: dict[str, tuple[str, str] | None] = field(default_factory=dict)

    def next(self, content: Callable[[str], str] = str) -> str:
        self.tried.append(content(f"{len(self.tried)} of {self.interaction_id}"))
        return self.tried[-1]

    def promise(self, message: dict[str, Any]) -> None:
        final = message["status"] in TERMINAL.values()
        self.promised[message["message_id"]] = (message["status"], message["content"]) if final else None

    def takes_note(self, api: client) -> bool:
        """Writes once more. False while a turn holds the interaction; that of a dead process for up to 12 s,
        also when it died before its messages were there."""
        sent = patiently(lambda: api.send(self.interaction_id, self.next(), respond=False))
        if (sent.status, sent.code) == (409, "turn_in_progress"):
            return False
        self.promise(sent.expect(201)["user_message"])
        return True

    def check(self, api: client, settled: bool = True) -> None:
        """Nothing acknowledged is lost, changed, doubled or out of order, and nothing is there that nobody
        sent. Settled: no turn is left, and whatever was cut short has been put right since."""
        stored = all_messages(api, self.interaction_id)
        assert [m["seq"] for m in stored] == list(range(1, len(stored) + 1))
        asked = [m["content"] for m in stored if m["role"] == "user"]
        assert len(set(asked)) == len(asked)
        assert set(asked) <= set(self.tried)  # what was not acknowledged may have been stored all the same
        ids = [m["message_id"] for m in stored]
        assert [i for i in self.promised if i not in ids] == [], "acknowledged and lost"
        assert [i for i in ids if i in self.promised] == list(self.promised), "in another order"
        for message in stored:
            promise = self.promised.get(message["message_id"])
            assert promise in (None, (message["status"], message["content"])), f"promised: {promise}"
        for before, reply in zip([None, *stored], stored, strict=False):
            if reply["role"] == "assistant":
                assert before is not None
                assert (before["role"], before["message_id"]) == ("user", reply["parent_id"])
        if settled:
            assert all(m["status"] in TERMINAL.values() for m in stored)
            found = patiently(lambda: api.get(f"{API}/interactions/{self.interaction_id}")).expect(200)
            assert found["message_count"] == len(stored)


class countdown:
    """Tells when so many writes were acknowledged. Thread safety: all functions from any thread."""

    def __init__(self, writes: int) -> None:
        self._left = writes
        self._guard = threading.Lock()
        self._reached = threading.Event()

    def count(self) -> None:
        with self._guard:
            self._left -= 1
            if self._left <= 0:
                self._reached.set()

    def wait(self, seconds: float) -> None:
        assert self._reached.wait(seconds), f"{self._left} writes are missing"


# Each writes once. True: it was acknowledged; False: the server says that it is out of reach.
writer = Callable[[httpx.Client, book, frozenset[int]], bool]


def _sent(http: httpx.Client, into: book, body: dict[str, Any], refusals: frozenset[int]) -> bool:
    got = http.post(messages_path(into.interaction_id), json=body)
    if got.status_code in refusals:
        return False
    assert got.status_code == 201, got.text
    into.promise(got.json()["user_message"])
    if got.json()["reply"] is not None:
        into.promise(got.json()["reply"])
    return True


def append(http: httpx.Client, into: book, refusals: frozenset[int]) -> bool:
    return _sent(http, into, {"content": into.next(), "respond": False}, refusals)


def _turn_of(name: str) -> str:
    return script([name, " and on"], repeat=3, delay_ms=3)


def take_turn(http: httpx.Client, into: book, refusals: frozenset[int]) -> bool:
    return _sent(http, into, {"content": into.next(_turn_of)}, refusals)


def stream_turn(http: httpx.Client, into: book, refusals: frozenset[int]) -> bool:
    body = {"content": into.next(_turn_of), "stream": True}
    with http.stream("POST", messages_path(into.interaction_id), json=body) as got:
        if got.status_code in refusals:
            return False
        assert got.status_code == 200, got.read()
        for one in read_events(got.iter_raw()):
            if one.name == "message.created":
                into.promise(one.data["user_message"])
                into.promise(one.data["reply"])
            elif one.name in TERMINAL:
                into.promise(one.data)
    return True


def write_until_killed(
    base_url: str,
    into: book,
    write: writer,
    acknowledged: countdown,
    over: threading.Event,
    refusals: frozenset[int] = frozenset(),
) -> None:
    """Writes until the connection breaks, the server refuses by one of `refusals`, or it is over."""
    with httpx.Client(base_url=base_url, timeout=2 * PATIENCE, trust_env=False) as http:
        while not over.is_set():
            try:
                if not write(http, into, refusals):
                    return
            except httpx.TransportError:
                return
            acknowledged.count()
