"""./dev bench: what Parley costs beside the least that could do the same, in ratios from interleaved runs.

usage: run.py [reads|appends|engine|idle|mongodb|longchats|relay|users ...] [--seconds N] [--pairs N]
"""

from __future__ import annotations

import argparse
import statistics

from appends import compare_appends
from engine import compare_engine
from long_chats import compare_long_chats
from mongodb import FIGURES, compare_mongodb
from reads import compare_reads
from relay import compare_relays, report
from relay_sides import versions as relay_versions
from rival import versions
from server import Server
from users import compare_flood, compare_known, compare_many, compare_slow_clients

PARTS = ("reads", "appends", "engine", "idle", "mongodb", "longchats", "relay", "users")
GOALS = {"GET one interaction": 0.7, "list of 50 messages": 0.3}


def reads(seconds: int, pairs: int) -> None:
    print("reads, requests/s against a minimal Beast server that returns the same bytes")
    for name, comparison in compare_reads(seconds, pairs).items():
        print(f"  {name}: {comparison.line(GOALS[name])}")


def appends(seconds: int, pairs: int) -> None:
    print("durable appends, messages/s over HTTP at 64 clients against a plain C-style SQLite loop")
    found = compare_appends(seconds, pairs)
    print(f"  appends: {found.comparison.line(0.5)}")
    verdict = "met" if found.messages_per_commit >= 16 else "MISSED"
    print(f"  messages per fsync: {found.messages_per_commit:.1f}, goal 16: {verdict}")


def engine(seconds: int, pairs: int) -> None:
    del seconds
    print("decoding, tokens/s through the model port against llama.cpp's own benchmarks")
    for name, (comparison, goal) in compare_engine(pairs).items():
        print(f"  {name}: {comparison.line(goal)}")


def idle(seconds: int, pairs: int) -> None:
    del seconds
    print("idle, without a model")
    start_ups, memory = [], []
    for _ in range(max(5, pairs)):
        with Server() as parley:
            start_ups.append(parley.start_up_seconds)
            memory.append(parley.resident_mib())
    for name, values, goal, unit in (
        ("memory", memory, 25.0, "MiB"),
        ("start to ready", start_ups, 0.1, "s"),
    ):
        middle = statistics.median(values)
        verdict = "met" if middle <= goal else "MISSED"
        print(
            f"  {name}: {middle:.3g} {unit} ({min(values):.3g} to {max(values):.3g}), "
            f"goal {goal:g}: {verdict}"
        )


def mongodb(seconds: int, pairs: int) -> None:
    print("reads through MongoDB and Redis, against a FastAPI service on the same servers")
    print(f"  {versions()}")
    for name, route in compare_mongodb(seconds, pairs).items():
        print(f"  {name}: {route.verdict()}")
        for figure in FIGURES:
            print(f"    {figure}: " + "; ".join(f"{side} {text}" for side, text in route.all(figure)))


def longchats(seconds: int, pairs: int) -> None:
    del seconds
    print("chats of 100,000 messages against one of 100: time for one request, and its ratio")
    found = compare_long_chats(pairs)
    for figure in ("last_page", "message", "first_delta"):
        for name in found:
            values = [getattr(one, figure) for one in found[name]]
            ratios = [value / getattr(one, figure) for value, one in zip(values, found["short"], strict=True)]
            middle = statistics.median(ratios)
            print(
                f"  {figure}, {name}: {statistics.median(values):.2f} ms, ratio {middle:.2f} "
                f"({min(ratios):.2f} to {max(ratios):.2f}), goal 1.2: {'met' if middle <= 1.2 else 'MISSED'}"
            )


def relay(seconds: int, pairs: int) -> None:
    del seconds
    print("streams of a model server through Parley, nginx and LiteLLM's proxy, against none of them")
    print(f"  {relay_versions()}")
    report(compare_relays(pairs))


def users(seconds: int, pairs: int) -> None:
    print("many users")
    print(f"  a key of the store, requests/s against none: {compare_known(seconds, pairs).line(0.85)}")
    print(f"  one floods at ten times its limit: {compare_flood(pairs).line(1.5)}")
    print(f"  slow clients: {compare_slow_clients(pairs).line(1.5)}")
    for what, found in compare_many(pairs).items():
        print(f"  {what} in a full database (first) and a nearly empty one: {found.line(1.5)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=(*PARTS, []), help="what to measure; everything if nothing is named"
    )
    parser.add_argument("--seconds", type=int, default=5, help="of each run")
    parser.add_argument("--pairs", type=int, default=5, help="of interleaved runs")
    arguments = parser.parse_args()
    run = dict(zip(PARTS, (reads, appends, engine, idle, mongodb, longchats, relay, users), strict=True))
    for part in arguments.parts or PARTS:
        run[part](arguments.seconds, arguments.pairs)


if __name__ == "__main__":
    main()
