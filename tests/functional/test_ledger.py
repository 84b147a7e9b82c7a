"""The production shape under fire: Parley, MongoDB and Redis are killed while 64 writers are at work."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from .conftest import full, start_server
from .support.client import client, script
from .support.ledger import (
    OUT_OF_REACH,
    append,
    book,
    countdown,
    seeded,
    stream_turn,
    take_turn,
    write_until_killed,
    writer,
)
from .support.mongo import REAL, mongo_server, store_over
from .support.redis import redis_server
from .support.server import PATIENCE, SANITIZED, server
from .support.waiting import wait_until

ROUNDS = 50 if full else 2 if SANITIZED else 4
APPENDING, TURNING = 48, 16  # writers; of the latter one half streams

# A mongod of somebody else is left alive: then only Parley and Redis are killed.
VICTIMS = [["parley"], ["database"], ["parley", "database"], ["parley", "database", "cache"]]
OUR_VICTIMS = VICTIMS if REAL is None else [["parley"], ["parley", "cache"]]


class deployment:
    """Parley, its database and its cache, each of which can be killed and comes back."""

    def __init__(self, parley: server, database: mongo_server | None, cache: redis_server) -> None:
        self.parley = parley
        # In the order in which they are started.
        self.parts = {"database": database, "cache": cache, "parley": parley}

    def kill(self, name: str) -> None:
        part = self.parts[name]
        assert part is not None
        part.kill()

    def bring_back(self, names: list[str]) -> None:
        for name, part in self.parts.items():
            if name in names:
                assert part is not None
                part.start()

    def new_books(self, count: int) -> list[book]:
        with self.parley.client() as api:
            return [book(api.create_interaction()["interaction_id"]) for _ in range(count)]


@pytest.fixture
def deployed(tmp_path: Path, new_server: start_server) -> Iterator[deployment]:
    with redis_server(tmp_path / "redis") as cache, ExitStack() as also:
        database = None if REAL else also.enter_context(mongo_server(tmp_path / "mongo.h2"))
        over = store_over(database.uri if database else str(REAL))
        parley = new_server({**over, "cache": {"kind": "redis", "uri": cache.uri, "timeout": "300ms"}})
        yield deployment(parley, database, cache)


def write_and_kill(
    all_of_it: deployment, work: list[tuple[book, writer]], after: int, names: list[str]
) -> None:
    """Kills these parts in mid-write, after so many acknowledged notes and one turn, and brings them back."""
    notes, turns, over = countdown(after), countdown(1), threading.Event()
    with ThreadPoolExecutor(len(work)) as pool:
        url = all_of_it.parley.base_url
        writers = [
            pool.submit(
                write_until_killed, url, into, write, notes if write is append else turns, over, OUT_OF_REACH
            )
            for into, write in work
        ]
        try:
            notes.wait(120)
            turns.wait(120)  # turns are slower than notes: without this, a round may see none
            for name in names:
                all_of_it.kill(name)
            all_of_it.bring_back(names)
        finally:
            over.set()
        for one in writers:
            one.result()


def is_whole(api: client) -> bool:
    ready = api.get("/readyz")
    return ready.status == 200 and ready.body["checks"]["cache"] == "ok"


def recover(api: client, appending: list[book], turning: list[book]) -> None:
    """Everything works again, and nothing that was acknowledged is missing."""
    wait_until(lambda: is_whole(api), "everything is up again", PATIENCE)
    for into in appending:
        assert into.takes_note(api)  # it settles what was cut short
        into.check(api)
    for into in turning:
        into.check(api, settled=False)
    assert api.say(api.create_interaction()["interaction_id"], script(["on"]))["content"] == "on"


@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_or_doubled_by_kills(deployed: deployment) -> None:
    chance = seeded()
    appending = deployed.new_books(APPENDING)
    turned: list[book] = []
    for number in range(ROUNDS):
        names = chance.sample(among := chance.choice(OUR_VICTIMS), len(among))
        # A turn that was killed holds its interaction for a while: each round has its own.
        turning = deployed.new_books(TURNING)
        turned += turning
        work: list[tuple[book, writer]] = [(into, append) for into in appending]
        work += [(into, (take_turn, stream_turn)[i % 2]) for i, into in enumerate(turning)]
        after = chance.randint(80, 400)
        print(f"round {number}: after {after} writes: {', '.join(names)}", flush=True)
        write_and_kill(deployed, work, after, names)
        with deployed.parley.client() as api:
            recover(api, appending, turning)
    with deployed.parley.client() as api:
        for into in turned:
            wait_until(lambda: into.takes_note(api), "no turn is left", PATIENCE)  # noqa: B023
            into.check(api)
    assert any(promise for into in turned for promise in list(into.promised.values())[:-1]), "no turn at all"
