"""What the relay benchmark runs between its client and its mock of a model server.

nginx, LiteLLM's proxy and Parley: each as processes of their own on a free port of the loopback, with a
folder of their own, ended with `with`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server import Server

from tests.functional.support.redis import free_port
from tests.functional.support.waiting import wait_until

LITELLM = Path("build/venv-relay/bin/litellm")
MOST = 9_000  # streams that any of them has to be able to hold
FIRST_DELAY, DELTAS, INTERVAL = 100, 64, 20  # of the mock: milliseconds, and how many

# What a busy proxy in front of one model server is configured to do. Two descriptors for each stream.
NGINX = """
worker_processes auto;
worker_rlimit_nofile {descriptors};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections {descriptors}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    upstream mock {{
        server 127.0.0.1:{upstream};
        keepalive {streams};
        keepalive_requests 1000000;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://mock;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Relay:
    """Where the client asks, and whose processor time and memory that costs."""

    port: int
    process: int | None  # None: there is nothing in between
    parley: Server | None = None

    def processes(self) -> list[int]:
        """With the children (nginx's workers)."""
        if self.process is None:
            return []
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        return [self.process, *map(int, children.split())]


@contextlib.contextmanager
def running(command: list[str | Path], log: Path, **more: object) -> Iterator[subprocess.Popen[bytes]]:
    """Ended by SIGTERM, and if that is not enough within 20 s, by force."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **more)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def wait_for_answer(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 20) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended: {log.read_text()[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    wait_until(answers, f"{url} answers", seconds)


@contextlib.contextmanager
def mock() -> Iterator[Relay]:
    """The model server itself. Asked directly it is what all others are compared with."""
    program = Path(os.environ["PARLEY_BENCH_BIN"]) / "mock_upstream"
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        port, log = free_port(), Path(folder) / "mock.log"
        command: list[str | Path] = [program, *map(str, (port, FIRST_DELAY, DELTAS, INTERVAL))]
        with running(command, log) as process:
            wait_for_answer(f"http://127.0.0.1:{port}/v1/models", process, log)
            yield Relay(port, process.pid)


@contextlib.contextmanager
def nginx(upstream: int) -> Iterator[Relay]:
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        port, log = free_port(), Path(folder) / "nginx.log"
        user = "user root;" if os.geteuid() == 0 else ""  # its workers write to the folder as well
        text = NGINX.format(
            folder=folder, user=user, port=port, upstream=upstream, streams=MOST, descriptors=2 * MOST + 500
        )
        (Path(folder) / "nginx.conf").write_text(text)
        path = os.environ["PATH"] + ":/usr/sbin"
        places = ["-p", folder, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"]
        command: list[str | Path] = ["nginx", *places, "-g", "daemon off;"]
        with running(command, log, env={"PATH": path}) as process:
            wait_for_answer(f"http://127.0.0.1:{port}/v1/models", process, log)
            yield Relay(port, process.pid)


@contextlib.contextmanager
def litellm(upstream: int) -> Iterator[Relay]:
    """One worker, nothing stored, no keys, no telemetry, no list of prices from the network. It sees nothing
    of our environment."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        port, log = free_port(), Path(folder) / "litellm.log"
        where = {"model": "openai/mock", "api_base": f"http://127.0.0.1:{upstream}/v1", "api_key": "none"}
        told = {
            "model_list": [{"model_name": "mock", "litellm_params": where}],
            "litellm_settings": {"telemetry": False, "num_retries": 0, "request_timeout": 120},
            "router_settings": {"num_retries": 0},
            "general_settings": {"dangerously_permit_weak_or_unset_master_key": True},
        }
        config = Path(folder) / "config.yaml"
        config.write_text(json.dumps(told))
        command: list[str | Path] = [LITELLM.absolute(), "--config", config, "--num_workers", "1"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"]
        variables = {
            "PATH": f"{LITELLM.absolute().parent}:/usr/bin:/bin",
            "HOME": folder,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            "LITELLM_MODE": "PRODUCTION",
            "LITELLM_LOG": "ERROR",
        }
        with running(command, log, env=variables, cwd=folder) as process:
            wait_for_answer(f"http://127.0.0.1:{port}/health/liveliness", process, log, 120)
            yield Relay(port, process.pid)


@contextlib.contextmanager
def parley(upstream: int) -> Iterator[Relay]:
    """As it is by default, apart from what limits the number of streams: a loop per core, SQLite, what is
    acknowledged is on the disk."""
    base_url = f"http://127.0.0.1:{upstream}/v1"
    model = {"name": "remote", "kind": "upstream", "upstream": "mock", "remote_name": "mock"}
    with Server(
        server=json.dumps({"port": 0, "max_connections": 2 * MOST}),
        titles=json.dumps({"mode": "off"}),
        upstreams=json.dumps([{"name": "mock", "base_url": base_url, "max_connections": MOST}]),
        models=json.dumps([model | {"parallel": MOST, "max_waiting": MOST}]),
    ) as server:
        yield Relay(int(server.url.rpartition(":")[2]), server.process.pid, server)


def versions() -> str:
    told = subprocess.run(
        ["nginx", "-v"], capture_output=True, text=True, env={"PATH": os.environ["PATH"] + ":/usr/sbin"}
    ).stderr
    number = re.search(r"nginx/(\S+)", told)
    pinned = re.search(r"^litellm==(\S+)", Path("bench/relay/requirements.txt").read_text(), re.M)
    return (
        f"nginx {number.group(1) if number else '?'}, LiteLLM {pinned.group(1) if pinned else '?'}, "
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}"
    )
