"""Reads through MongoDB and Redis against a FastAPI service with the same routes on the same servers."""

from __future__ import annotations

import contextlib
import json
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from measure import interleave_all, load, processor_seconds
from reads import text_of
from rival import Rival
from server import Server

from tests.functional.support.mongo import fresh_database, mongo_server
from tests.functional.support.redis import redis_server

CONNECTIONS = 32
PATIENCE = 10  # seconds: the stand-in of MongoDB is not quick
LISTED = 50
MESSAGES = 60  # so that a page of 50 is not the last
WARM_UP = 3  # seconds

ONE_LOOP = "Parley, one event loop"
DEFAULT = "Parley, as configured by default"
RIVAL = "FastAPI, one worker"

PROCESSOR = "processor time of the server for a request, µs"
FIGURES = ("requests/s", "p99, ms", PROCESSOR)
GOAL = 0.2  # of the rival's processor time

Run = dict[str, float]  # by figure


def text_of_figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


@dataclass
class Route:
    """All runs on one route, by side."""

    runs: dict[str, list[Run]]

    def verdict(self) -> str:
        ratios = [
            a[PROCESSOR] / b[PROCESSOR] for a, b in zip(self.runs[ONE_LOOP], self.runs[RIVAL], strict=True)
        ]
        middle = statistics.median(ratios)
        verdict = "met" if middle <= GOAL else "MISSED"
        return (
            f"processor time, ratio {middle:.3f} ({min(ratios):.3f} to {max(ratios):.3f}), "
            f"goal at most {GOAL}: {verdict}"
        )

    def all(self, figure: str) -> list[tuple[str, str]]:
        """Median and spread of each side."""
        out = []
        for side, runs in self.runs.items():
            values = [run[figure] for run in runs]
            middle, low, high = map(text_of_figure, (statistics.median(values), min(values), max(values)))
            out.append((side, f"{middle} ({low} to {high})"))
        return out


def fill(parley: Server) -> dict[str, str]:
    """One conversation, stored by Parley itself; the paths to read it."""
    made = parley.call(
        "POST", "/api/v1/interactions", {"title": "Bench", "settings": {"prompt": "Be brief."}}
    )
    one = f"/api/v1/interactions/{made['interaction_id']}"
    for number in range(MESSAGES):
        parley.call("POST", one + "/messages", {"content": text_of(number), "respond": False})
    return {"GET one interaction": one, "list of 50 messages": f"{one}/messages?limit={LISTED}"}


def measured(url: str, pid: int, seconds: int) -> Run:
    before = processor_seconds(pid)
    seen = load(url, seconds, CONNECTIONS, patience=PATIENCE)
    used = processor_seconds(pid) - before
    return {
        "requests/s": seen.per_second,
        "p99, ms": seen.p99_ms,
        PROCESSOR: used / seen.requests * 1e6,
    }


@contextlib.contextmanager
def all_sides() -> Iterator[tuple[dict[str, Server | Rival], dict[str, str]]]:
    """MongoDB's stand-in, Redis, and on them two Parleys and the rival; the paths to read."""
    with (
        tempfile.TemporaryDirectory(prefix="parley-bench-") as folder,
        mongo_server(Path(folder) / "mongo.h2") as mongo,
        redis_server(Path(folder) / "redis") as redis,
    ):
        database = fresh_database()
        sections = {
            "store": json.dumps({"kind": "mongodb", "uri": mongo.uri, "database": database}),
            "cache": json.dumps({"kind": "redis", "uri": redis.uri}),
        }
        with Server(**sections) as by_default:
            paths = fill(by_default)
            with (
                Server(server="{port: 0, threads: 1}", **sections) as one_loop,
                Rival(mongo.uri, database, redis.uri) as rival,
            ):
                yield {ONE_LOOP: one_loop, RIVAL: rival, DEFAULT: by_default}, paths


def compare_mongodb(seconds: int, rounds: int) -> dict[str, Route]:
    out = {}
    with all_sides() as (sides, paths):
        for name, path in paths.items():
            answers = {side: json.loads(server.get_bytes(path)) for side, server in sides.items()}
            if any(answer != answers[ONE_LOOP] for answer in answers.values()):
                raise RuntimeError(f"{name}: the answers differ: {answers}")
            runs = {}
            for side, server in sides.items():
                url = server.url + path
                load(url, WARM_UP, CONNECTIONS, patience=PATIENCE)
                runs[side] = partial(measured, url, server.process.pid, seconds)
            out[name] = Route(interleave_all(runs, rounds))
    return out
