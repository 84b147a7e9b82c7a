"""Many users: what knowing them costs, and whether some of them slow the others down."""

from __future__ import annotations

import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from latency import Asker, Call, quantile, steady
from measure import Comparison, interleave, wrk
from pipeline import Pipeline
from server import Server

API = "/api/v1"
BOOTSTRAP = "bench-" + "k" * 40
SECONDS = 6.0
RATE = 100.0  # requests of the victim in a second
FLOODED = 600  # requests a minute that the flooding user may make
SLOW_CLIENTS = 5_000
USERS, INTERACTIONS, MESSAGES = 2_000, 50, 20


def guarded(**sections: str) -> Server:
    os.environ["PARLEY_AUTH_BOOTSTRAP_KEY"] = BOOTSTRAP
    return Server(**{"auth": "{mode: api_key}", **sections})


@dataclass(frozen=True)
class Person:
    user_id: str
    key: str


def new_person(admin: Asker, **limits: int) -> Person:
    _, user = admin.ask(Call("POST", f"{API}/users", {"limits": limits}))
    _, key = admin.ask(Call("POST", f"{API}/users/{user['user_id']}/keys", {}))
    return Person(user["user_id"], key["key"])


def new_interaction(url: str, key: str) -> str:
    asker = Asker(url, key)
    _, made = asker.ask(Call("POST", f"{API}/interactions", {"title": "Bench"}))
    asker.close()
    return f"{API}/interactions/{made['interaction_id']}"


def compare_known(seconds: int, pairs: int) -> Comparison:
    """Requests/s of a cached interaction: with a key of the store against without authentication."""
    with Server() as free, guarded() as known:
        admin = Asker(known.url, BOOTSTRAP)
        person = new_person(admin)
        admin.close()
        mine = known.url + new_interaction(known.url, person.key)
        anybodys = free.url + new_interaction(free.url, "none")
        header = (f"Authorization: Bearer {person.key}",)
        return interleave(
            lambda: wrk(mine, seconds, 64, headers=header), lambda: wrk(anybodys, seconds, 64), pairs
        )


def everyday(path: str) -> list[Call]:
    note = Call("POST", f"{path}/messages", {"content": "A note.", "respond": False})
    return [
        Call("GET", path),
        note,
        Call("GET", f"{path}/messages?limit=20"),
        Call("GET", f"{API}/interactions"),
    ]


@dataclass
class Disturbed:
    """p99 of a victim's requests in ms, round by round."""

    quiet: list[float]
    beside: list[float]

    def line(self, goal: float) -> str:
        ratios = [b / q for b, q in zip(self.beside, self.quiet, strict=True)]
        middle = statistics.median(ratios)
        return (
            f"p99 {statistics.median(self.quiet):.2f} ms alone, "
            f"{statistics.median(self.beside):.2f} ms beside; "
            f"ratio {middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f}), goal {goal}: "
            f"{'met' if middle <= goal else 'MISSED'}"
        )


@contextmanager
def beside_of(*words: str) -> Iterator[None]:
    """This file's other half in a process of its own, from when it says that it is at full strength."""
    with subprocess.Popen([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n", words[0]
            yield
        finally:
            process.terminate()
            print(f"    {words[0]}: {process.stdout.read().strip()}", flush=True)


def disturbed(url: str, key: str, calls: list[Call], by: tuple[str, ...], rounds: int) -> Disturbed:
    def alone() -> float:
        return float(quantile(steady(url, key, calls, RATE, SECONDS), 0.99))

    def beside() -> float:
        with beside_of(*by):
            return alone()

    alone()
    found = interleave(beside, alone, rounds)
    return Disturbed(found.second, found.first)


def flood(url: str, key: str, path: str, per_second: float) -> None:
    """At ten times what its user may; says at its end how much was refused since the first."""
    asker = Asker(url, key)
    calls = everyday(path)
    begun = time.perf_counter()
    asked = refused = 0
    try:
        for number in range(10**9):
            time.sleep(max(0.0, begun + number / per_second - time.perf_counter()))
            status, _ = asker.ask(calls[number % len(calls)])
            if status == 429 and refused == 0:
                asked = 0
                print("ready", flush=True)
            asked += 1
            refused += status == 429
    finally:
        print(f"{refused} of {asked} requests were refused")


def compare_flood(rounds: int) -> Disturbed:
    with guarded() as parley:
        admin = Asker(parley.url, BOOTSTRAP)
        victim, flooder = new_person(admin), new_person(admin, requests_per_minute=FLOODED)
        admin.close()
        calls = everyday(new_interaction(parley.url, victim.key))
        path = new_interaction(parley.url, flooder.key)
        return disturbed(parley.url, victim.key, calls, ("flood", parley.url, flooder.key, path), rounds)


def drip(url: str, count: int) -> None:
    """So many clients that send a request byte by byte, each a byte a second; who is cut off comes again."""
    where = urlsplit(url)
    address = (where.hostname or "", where.port or 80)
    text = b"GET /api/v1/interactions HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 100_000
    clients: list[socket.socket | None] = [None] * count
    sent = [0] * count
    most = min(count + 100, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    begun = time.monotonic()
    again = 0
    try:
        for turn in range(10**9):
            slot = turn % count
            time.sleep(max(0.0, begun + turn / count - time.monotonic()))
            if turn == count:
                assert None not in clients, "not all of them could connect"
                print("ready", flush=True)
            try:
                one = clients[slot]
                if one is None:
                    one = clients[slot] = socket.create_connection(address, timeout=5)
                    sent[slot] = 0
                    again += turn >= count
                one.send(text[sent[slot] : sent[slot] + 1])
                sent[slot] += 1
            except OSError:
                clients[slot] = None
    finally:
        print(f"{count - clients.count(None)} clients are there, {again} came again")


def compare_slow_clients(rounds: int) -> Disturbed:
    with guarded(server="{port: 0, max_connections: 8192}") as parley:
        admin = Asker(parley.url, BOOTSTRAP)
        victim = new_person(admin)
        admin.close()
        calls = everyday(new_interaction(parley.url, victim.key))
        return disturbed(parley.url, victim.key, calls, ("drip", parley.url), rounds)


def fill(parley: Server, users: int, interactions: int, messages: int) -> list[tuple[Person, str]]:
    """Each user, and one of their interactions."""
    admin = Asker(parley.url, BOOTSTRAP)
    people = [new_person(admin) for _ in range(users)]
    admin.close()
    line = Pipeline(parley.url)

    def begin() -> Iterator[tuple[str, str, dict[str, Any], str]]:
        for person in people:
            for number in range(interactions):
                yield "POST", f"{API}/interactions", {"title": f"Talk {number}"}, person.key

    made = [one["interaction_id"] for one in line.run(begin())]

    def write() -> Iterator[tuple[str, str, dict[str, Any], str]]:
        for index, target in enumerate(made):
            key = people[index // interactions].key
            for number in range(messages):
                body = {"content": f"Message {number}, as long as people write. " * 3, "respond": False}
                yield "POST", f"{API}/interactions/{target}/messages", body, key

    for _ in line.run(write()):
        pass
    line.close()
    return [(one, f"{API}/interactions/{made[i * interactions]}") for i, one in enumerate(people)]


def compare_many(rounds: int) -> dict[str, Disturbed]:
    """list, open and send of one user: a full database against a nearly empty one."""
    with guarded() as full, guarded() as small:
        sides = {}
        for name, parley, users in (("full", full, USERS), ("small", small, 2)):
            print(f"  filling: {users} users", flush=True)
            person, path = fill(parley, users, INTERACTIONS, MESSAGES)[users // 2]
            sides[name] = (parley.url, person.key, path)
        found = {}
        for what in ("list", "open", "send"):

            def measure(side: str, what: str = what) -> float:
                url, key, path = sides[side]
                note = Call("POST", f"{path}/messages", {"content": "A note.", "respond": False})
                calls = {
                    "list": [Call("GET", f"{API}/interactions?limit=50")],
                    "open": [Call("GET", f"{path}?include=message_list")],
                    "send": [note],
                }[what]
                return float(quantile(steady(url, key, calls, RATE, SECONDS), 0.99))

            pairs = interleave(lambda m=measure: m("full"), lambda m=measure: m("small"), rounds)
            found[what] = Disturbed(pairs.second, pairs.first)
        return found


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.argv[1] == "flood":
        flood(sys.argv[2], sys.argv[3], sys.argv[4], FLOODED / 60 * 10)
    elif sys.argv[1] == "drip":
        drip(sys.argv[2], SLOW_CLIENTS)
