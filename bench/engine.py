"""Decoding through the model port against llama-bench and llama-batched-bench of the same build and model."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from measure import Comparison, interleave

TOKENS = 128
PROMPT = 1  # as in engine_decode: the cost of a token grows with what stands before it
THREADS = os.cpu_count() or 1
CONTEXT = 1024  # of one chat, on both sides


def _output(program: Path, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def _llama(name: str) -> Path:
    return Path(os.environ["PARLEY_LLAMA_BIN"]) / name


def _model() -> str:
    return os.environ["PARLEY_TEST_MODEL"]


def engine(chats: int, temperature: float = 0.0) -> float:
    """Tokens per second of all chats together."""
    program = Path(os.environ["PARLEY_BENCH_BIN"]) / "engine_decode"
    return float(_output(program, _model(), str(chats), str(TOKENS), str(THREADS), str(temperature)))


def llama_bench() -> float:
    out = _output(
        _llama("llama-bench"),
        *("-m", _model(), "-p", "0", "-n", str(TOKENS), "-t", str(THREADS), "-r", "1", "-o", "json"),
    )
    return float(json.loads(out)[0]["avg_ts"])


def llama_batched_bench(chats: int) -> float:
    out = _output(
        _llama("llama-batched-bench"),
        *("-m", _model(), "-c", str(CONTEXT * chats), "-b", "512", "-ub", "512", "-t", str(THREADS)),
        *("-npp", str(PROMPT), "-ntg", str(TOKENS), "-npl", str(chats), "--output-format", "jsonl"),
    )
    line = next(line for line in out.splitlines() if line.startswith("{"))
    return float(json.loads(line)["speed_tg"])


def compare_engine(pairs: int) -> dict[str, tuple[Comparison, float]]:
    """By name: the comparison, and the ratio to reach."""
    return {
        "one chat, greedy": (interleave(lambda: engine(1), llama_bench, pairs), 0.95),
        "one chat, temperature 0.7": (interleave(lambda: engine(1, 0.7), llama_bench, pairs), 0.95),
        "four chats, greedy": (interleave(lambda: engine(4), lambda: llama_batched_bench(4), pairs), 0.9),
    }
