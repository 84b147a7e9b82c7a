"""Durable appends over HTTP at 64 clients against a plain C-style loop on the same schema and batch size."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from measure import Comparison, interleave, wrk
from server import Server

CLIENTS = 64
LOOP_MESSAGES = 100_000


@dataclass
class Appends:
    comparison: Comparison
    messages_per_commit: float


def plain_loop(batch: int) -> float:
    """Messages per second."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(os.environ["PARLEY_BENCH_BIN"]) / "store_append"
        done = subprocess.run(
            [program, "loop", Path(folder) / "data", str(batch), str(LOOP_MESSAGES)],
            capture_output=True,
            text=True,
            check=True,
        )
    match = re.search(r"([\d.,]+) messages/s", done.stdout)
    if match is None:
        raise RuntimeError(done.stdout)
    return float(match.group(1).replace(",", ""))


class AppendClient:
    """Counts what is in one commit beside what wrk counts. A commit is one sync of the write-ahead log."""

    def __init__(self, parley: Server, seconds: int) -> None:
        self._parley = parley
        self._seconds = seconds
        self._ids = tuple(
            parley.call("POST", "/api/v1/interactions", {})["interaction_id"] for _ in range(CLIENTS)
        )
        self._before = self._commits()

    def _commits(self) -> tuple[float, float]:
        return (
            self._parley.metric_sum("parley_store_commit_writes_sum"),
            self._parley.metric_sum("parley_store_commit_writes_count"),
        )

    def run(self) -> float:
        rate: float = wrk(self._parley.url, self._seconds, CLIENTS, "bench/append.lua", ("--", *self._ids))
        return rate

    def messages_per_commit(self) -> float:
        writes, commits = self._commits()
        return (writes - self._before[0]) / (commits - self._before[1])


def compare_appends(seconds: int, pairs: int) -> Appends:
    with Server() as parley:
        client = AppendClient(parley, seconds)
        client.run()  # finds the batch size that the clients lead to
        batch = max(1, round(client.messages_per_commit()))
        print(f"  {batch} messages in a commit", flush=True)
        comparison = interleave(client.run, lambda: plain_loop(batch), pairs)
        return Appends(comparison, client.messages_per_commit())
