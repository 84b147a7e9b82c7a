"""Interleaved measurements: A B B A …, so that a machine that changes its pace changes it for both sides."""

from __future__ import annotations

import re
import statistics
import subprocess
from collections.abc import Callable
from dataclasses import dataclass


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


def wrk(
    url: str, seconds: int, connections: int, script: str | None = None, arguments: tuple[str, ...] = ()
) -> float:
    """Requests per second. Any answer but 2xx or 3xx, and any socket error, is a failure."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    if script is not None:
        command += ["-s", script]
    done = subprocess.run([*command, url, *arguments], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    match = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if match is None:
        raise RuntimeError(done.stdout)
    return float(match.group(1))
