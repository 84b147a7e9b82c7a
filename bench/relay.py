"""What a relay adds to paced streams of a model server: Parley, nginx and LiteLLM's proxy beside none at all.

Every relay is started anew for each run (but LiteLLM, which takes long to start), one answer of each stream
warms it up, and each stream has a connection of its own. "Added" is a percentile through a relay less the
same one of the direct run in the same round. An item is what the mock sends as one delta.

usage: relay.py [--rounds N] [--leave-out SIDE ...] [--no-search]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from measure import interleave_all, processor_seconds
from relay_sides import DELTAS, Relay, litellm, mock, nginx, parley, versions

DIRECT, NGINX, PARLEY, LITELLM = "direct", "nginx", "Parley", "LiteLLM"
# How many streams, and who relays them.
PLAN = {
    500: (DIRECT, NGINX, PARLEY),
    100: (DIRECT, NGINX, PARLEY),
    50: (DIRECT, LITELLM, PARLEY),  # LiteLLM can not do more
}
ANSWERS = 2  # measured, of each stream
FIRST, GAP = "first_item_ms", "gap_ms"
PATIENCE = 30  # seconds for one run
LATEST_FIRST_ITEM = 1_000  # ms: a p99 above it ends the search for the largest number of streams
FIRST_TRIED, LAST_TRIED = 1_000, 8_000
GOAL_NGINX, GOAL_LITELLM, GOAL_KB = 2.0, 0.1, 40.0
RESULT = Path("build/relay.json")

Run = dict[str, Any]  # what the client printed, and what the relay used
Opened = Callable[[], AbstractContextManager[Relay]]


def memory_kb(relay: Relay, what: str) -> int:
    """Of all its processes: VmRSS (now) or VmHWM (the most)."""
    total = 0
    for pid in relay.processes():
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(what + ":"):
                total += int(line.split()[1])
    return total


def forget_peak(relay: Relay) -> None:
    for pid in relay.processes():
        with contextlib.suppress(OSError):  # kernels without it: the peak since the start of the process
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def used_seconds(relay: Relay) -> float:
    total = 0.0
    for pid in relay.processes():
        total += processor_seconds(pid)
    return total


def load(relay: Relay, streams: int, rounds: int) -> Run:
    program = Path(os.environ["PARLEY_BENCH_BIN"]) / "relay_client"
    dialect, model = ("openai", "mock") if relay.parley is None else ("parley", "remote")
    what = (relay.port, dialect, streams, rounds, DELTAS, model, PATIENCE)
    done = subprocess.run(
        [program, *map(str, what)], capture_output=True, text=True, check=True, timeout=PATIENCE + 30
    )
    seen: Run = json.loads(done.stdout)
    return seen


def commits(server: Any) -> tuple[float, float]:
    name = "parley_store_commit_writes"
    return server.metric_sum(name + "_sum"), server.metric_sum(name + "_count")


def measured(side: str, opened: Opened, source: Relay, streams: int, rounds: int) -> Run:
    with opened() as relay:
        forget_peak(relay)
        before_kb, before_seconds = memory_kb(relay, "VmRSS"), used_seconds(relay)
        source_seconds = used_seconds(source)
        out = load(relay, streams, rounds)
        items = max(1, out["items_with_warm_up"])
        out["side"] = side
        out["mock_us_per_item"] = (used_seconds(source) - source_seconds) / items * 1e6
        if side != DIRECT:
            out["us_per_item"] = (used_seconds(relay) - before_seconds) / items * 1e6
            out["kb_per_stream"] = (memory_kb(relay, "VmHWM") - before_kb) / streams
            out["kb_per_stream_kept"] = (memory_kb(relay, "VmRSS") - before_kb) / streams
        if relay.parley is not None:
            writes, count = commits(relay.parley)
            out |= {"commits": count, "writes_per_commit": writes / max(1.0, count)}
    first, gap = out[FIRST] or {}, out[GAP] or {}
    client = out["client_cpu_seconds"] / items * 1e6
    print(
        f"    {side}, {streams} streams: {out['clean']} of {out['answers']} answers clean, first item p99 "
        f"{first.get('p99')} ms, gap p99 {gap.get('p99')} ms, {out.get('us_per_item', 0):.1f} µs an item "
        f"(mock {out['mock_us_per_item']:.1f}, client {client:.1f}) {out['faults'] or ''}",
        flush=True,
    )
    return out


def is_clean(run: Run) -> bool:
    return bool(run["clean"] == run["answers"])


@dataclass
class Spread:
    values: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def __str__(self) -> str:
        return f"{self.median:,.1f} ({min(self.values):,.1f} to {max(self.values):,.1f})"


@dataclass
class Relays:
    """All runs, by number of streams and side, round by round; the largest numbers of clean streams."""

    runs: dict[int, dict[str, list[Run]]]
    largest: dict[str, str]

    def added(self, streams: int, side: str, figure: str) -> Spread:
        """Milliseconds at the 99th percentile."""
        sides = self.runs[streams]
        pairs = zip(sides[side], sides[DIRECT], strict=True)
        return Spread([a[figure]["p99"] - b[figure]["p99"] for a, b in pairs if a[figure] and b[figure]])

    def spread(self, streams: int, side: str, key: str) -> Spread:
        return Spread([run[key] for run in self.runs[streams][side]])

    def memory(self, streams: int, side: str) -> Spread:
        """LiteLLM goes on from run to run, and only its first one shows what it takes."""
        found = self.spread(streams, side, "kb_per_stream")
        return Spread([max(found.values)]) if side == LITELLM else found

    def line(self, streams: int, side: str) -> str:
        runs = self.runs[streams][side]
        clean, answers = (sum(run[key] for run in runs) for key in ("clean", "answers"))
        text = f"{streams} streams, {side}: {clean} of {answers} answers clean"
        if side == DIRECT:
            first, gap = (Spread([run[figure]["p99"] for run in runs]) for figure in (FIRST, GAP))
            return f"{text}; first item p99 {first} ms, gap p99 {gap} ms"
        first, gap = (self.added(streams, side, figure) for figure in (FIRST, GAP))
        cost, memory = self.spread(streams, side, "us_per_item"), self.memory(streams, side)
        return (
            f"{text}; added first item p99 {first} ms, added gap p99 {gap} ms, {cost} µs an item, "
            f"{memory} KB a stream"
        )

    def lines(self) -> list[str]:
        out = [self.line(streams, side) for streams, sides in self.runs.items() for side in sides]
        return out + [
            f"largest number of clean streams, {name}: {text}" for name, text in self.largest.items()
        ]

    def verdicts(self) -> list[str]:
        out = []
        for streams, rival, goal in ((500, NGINX, GOAL_NGINX), (50, LITELLM, GOAL_LITELLM)):
            sides = self.runs[streams]
            if PARLEY not in sides or rival not in sides:
                continue
            for what, figure in (("first item", FIRST), ("gap", GAP)):
                ours = self.added(streams, PARLEY, figure).median
                theirs = self.added(streams, rival, figure).median
                ratio = f"{ours / theirs:.2f}" if theirs > 0 else "none"
                verdict = "met" if ours <= goal * theirs else "MISSED"
                out.append(
                    f"{streams} streams, added {what} p99, Parley {ours:.1f} ms, {rival} {theirs:.1f} ms: "
                    f"ratio {ratio}, goal at most {goal:g}: {verdict}"
                )
        return out + (self.costs_of_parley() if PARLEY in self.runs[500] else [])

    def costs_of_parley(self) -> list[str]:
        most, some = (self.spread(streams, PARLEY, "kb_per_stream").median for streams in (500, 100))
        kept = self.spread(500, PARLEY, "kb_per_stream_kept").median
        each = (500 * most - 100 * some) / 400
        verdict = "met" if most <= GOAL_KB else "MISSED"
        commits, writes = (self.spread(500, PARLEY, key) for key in ("commits", "writes_per_commit"))
        frames, items = (sum(run[key] for run in self.runs[500][PARLEY]) for key in ("frames", "items"))
        return [
            f"Parley's memory at 500 streams: {most:.1f} KB a stream, goal at most {GOAL_KB:g}: {verdict}; "
            f"{kept:.1f} of it stay when the streams are gone (caches of the database, the allocator); "
            f"each of the streams from the 101st to the 500th took {each:.1f}",
            f"Parley's store at 500 streams: {commits} commits a run, {writes} writes in each; "
            f"{frames / max(1, items):.3f} frames an item",
        ]


def largest_number(opened: Opened, side: str, source: Relay) -> str:
    """Doubles until the answers are no longer clean or begin too late; then, for relays, tries the middle."""

    def fault(streams: int) -> str:
        seen = measured(side, opened, source, streams, 1)
        if not is_clean(seen):
            return f"{seen['clean']} of {seen['answers']} clean"
        late = seen[FIRST]["p99"]
        return f"first item p99 {late:,.0f} ms" if late > LATEST_FIRST_ITEM else ""

    streams, why = FIRST_TRIED, ""
    while streams <= LAST_TRIED and not (why := fault(streams)):
        streams *= 2
    if not why:
        return f"{LAST_TRIED:,}, as many as were tried"
    good, bad = streams // 2, streams
    if side != DIRECT:
        middle = (good + bad) // 2
        if closer := fault(middle):
            bad, why = middle, closer
        else:
            good = middle
    return f"{good:,} ({bad:,}: {why})"


def compare_relays(rounds: int, leave_out: tuple[str, ...] = (), search: bool = True) -> Relays:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # for all that is started here
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(mock())
        opened: dict[str, Opened] = {
            DIRECT: lambda: contextlib.nullcontext(source),
            NGINX: partial(nginx, source.port),
            PARLEY: partial(parley, source.port),
        }
        if LITELLM not in leave_out:
            kept = stack.enter_context(litellm(source.port))
            opened[LITELLM] = lambda: contextlib.nullcontext(kept)
        sides = {
            f"{streams} {side}": partial(measured, side, opened[side], source, streams, ANSWERS)
            for streams, names in PLAN.items()
            for side in names
            if side not in leave_out
        }
        found = interleave_all(sides, rounds)
        runs: dict[int, dict[str, list[Run]]] = {streams: {} for streams in PLAN}
        for name, seen in found.items():
            streams, side = name.split(" ")
            runs[int(streams)][side] = seen
        largest = {}
        for side in (DIRECT, NGINX, PARLEY):
            if search and side not in leave_out:
                largest[side] = largest_number(opened[side], side, source)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"versions": versions(), "runs": runs, "largest": largest}, indent=1) + "\n")
    return Relays(runs, largest)


def report(found: Relays) -> None:
    for line in found.lines() + found.verdicts():
        print("  " + line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--leave-out", nargs="*", default=[], choices=(NGINX, PARLEY, LITELLM))
    parser.add_argument("--no-search", action="store_true", help="for the largest number of clean streams")
    arguments = parser.parse_args()
    print(versions())
    report(compare_relays(arguments.rounds, tuple(arguments.leave_out), not arguments.no_search))


if __name__ == "__main__":
    main()
