"""What the length of a chat costs: one of 100,000 messages, also with 200 forks in it, beside one of 100.

Over HTTP with the scripted model, so that only the server's own part is measured. One connection, one request
at a time: what is compared is how long each takes.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from measure import interleave_all
from server import Server

SHORT, LONG, FORKS = 100, 100_000, 200
WRITERS = 16  # while the chats are made
# A window that even the short chat fills: the prompts of all are equally long.
MODEL = "[{name: scripted, kind: scripted, context_window: 1024}]"
WORDS = "a message of a usual length, say of about fifteen words, as people write them in a chat"


@dataclass(frozen=True)
class Chat:
    interaction_id: str

    @property
    def messages(self) -> str:
        return f"/api/v1/interactions/{self.interaction_id}/messages"


class Client:
    """Keeps one connection open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def call(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        self._connection.request(
            method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"}
        )
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {told[:300]!r}")
        return json.loads(told)

    def time_to_first_delta(self, chat: Chat) -> float:
        """Seconds from a message to the first piece of its reply; then reads the reply to its end."""
        body = json.dumps({"content": 'script:{"tokens":["on"]}', "stream": True})
        started = time.perf_counter()
        self._connection.request("POST", chat.messages, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        found = None
        while line := answer.readline():
            if found is None and line.startswith(b"event: message.delta"):
                found = time.perf_counter() - started
        if found is None:
            raise RuntimeError("no reply")
        return found


def write_notes(url: str, chat: Chat, count: int) -> list[str]:
    """Ids of messages without replies, as many as asked, at the end of the chat."""
    client = Client(url)
    body: dict[str, object] = {"content": WORDS, "respond": False}
    return [client.call("POST", chat.messages, body)["user_message"]["message_id"] for _ in range(count)]


def make_chat(url: str, messages: int, forks: int = 0) -> Chat:
    """Forks leave the first branch at places all over it; it is the active one all the same."""
    client = Client(url)
    made = client.call("POST", "/api/v1/interactions", {})
    chat = Chat(made["interaction_id"])
    with ThreadPoolExecutor(WRITERS) as pool:
        parts = [pool.submit(write_notes, url, chat, messages // WRITERS) for _ in range(WRITERS)]
        ids = [one for part in parts for one in part.result()]
    for at in range(forks):
        parent = ids[at * len(ids) // forks]
        client.call("POST", chat.messages, {"content": WORDS, "respond": False, "parent_id": parent})
    path = chat.messages.removesuffix("/messages")
    client.call("PATCH", path, {"active_branch": made["active_branch"]})
    return chat


@dataclass(frozen=True)
class Times:
    """Medians of one round, in milliseconds."""

    last_page: float
    message: float
    first_delta: float


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(client: Client, chat: Chat, times: int) -> Times:
    note: dict[str, object] = {"content": WORDS, "respond": False}

    def middle(one: Callable[[], float]) -> float:
        return 1000 * statistics.median(one() for _ in range(times))

    return Times(
        middle(lambda: timed(lambda: client.call("GET", chat.messages + "?limit=50"))),
        middle(lambda: timed(lambda: client.call("POST", chat.messages, note))),
        middle(lambda: client.time_to_first_delta(chat)),
    )


def compare_long_chats(rounds: int, times: int = 40) -> dict[str, list[Times]]:
    """What each kind of chat took, round by round. "short" is what the others are compared with; "short
    again" is another chat of its kind and shows what chance does."""
    with Server(models=MODEL) as parley:
        chats = {
            "short": make_chat(parley.url, SHORT),
            "short again": make_chat(parley.url, SHORT),
            "long": make_chat(parley.url, LONG),
            "long, forks": make_chat(parley.url, LONG, FORKS),
        }
        client = Client(parley.url)
        sides = {name: partial(measure, client, chat, times) for name, chat in chats.items()}
        found: dict[str, list[Times]] = interleave_all(sides, rounds)
        return found
