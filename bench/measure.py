"""Interleaved measurements: A B B A …, so that a machine that changes its pace changes it for both sides."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Comparison:
    """Ratio of the first side to the second, one per pair of neighbouring runs."""

    ratios: list[float]
    first: list[float]
    second: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.ratios)

    def line(self, goal: float) -> str:
        low, high = min(self.ratios), max(self.ratios)
        verdict = "met" if self.median >= goal else "MISSED"
        return (
            f"ratio {self.median:.2f} ({low:.2f} to {high:.2f}), goal {goal}: {verdict}; "
            f"medians {statistics.median(self.first):,.0f} against {statistics.median(self.second):,.0f}"
        )


def interleave(first: Callable[[], float], second: Callable[[], float], pairs: int) -> Comparison:
    """Runs A B, B A, A B …; each pair gives one ratio."""
    out = Comparison([], [], [])
    for index in range(pairs):
        if index % 2 == 0:
            a = first()
            b = second()
        else:
            b = second()
            a = first()
        out.first.append(a)
        out.second.append(b)
        out.ratios.append(a / b)
    return out


def interleave_all(sides: dict[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Runs A B C, C B A, A B C …: what each side found, round by round."""
    out: dict[str, list[T]] = {name: [] for name in sides}
    for index in range(rounds):
        for name in sides if index % 2 == 0 else reversed(sides):
            out[name].append(sides[name]())
    return out


@dataclass(frozen=True)
class load_result:
    """What wrk saw."""

    requests: int
    per_second: float
    p99_ms: float


MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


def load(
    url: str,
    seconds: int,
    connections: int,
    script: str | None = None,
    arguments: tuple[str, ...] = (),
    patience: int = 2,
    headers: tuple[str, ...] = (),
) -> load_result:
    """Requests for some seconds. Any answer but 2xx or 3xx, any socket error, and one that takes longer than
    `patience` in seconds, is a failure."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", f"{patience}s"]
    for header in headers:
        command += ["-H", header]
    if script is not None:
        command += ["-s", script]
    done = subprocess.run([*command, url, *arguments], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    requests = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", done.stdout)
    if requests is None or rate is None or late is None:
        raise RuntimeError(done.stdout)
    p99 = float(late.group(1)) * MILLISECONDS[late.group(2)]
    return load_result(int(requests.group(1)), float(rate.group(1)), p99)


def wrk(
    url: str,
    seconds: int,
    connections: int,
    script: str | None = None,
    arguments: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
) -> float:
    """Requests per second."""
    return load(url, seconds, connections, script, arguments, headers=headers).per_second


def processor_seconds(pid: int) -> float:
    """What all threads of a process have used so far, in the kernel and outside."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])  # utime and stime: fields 14 and 15 of proc(5)
    return (user + system) / os.sysconf("SC_CLK_TCK")
