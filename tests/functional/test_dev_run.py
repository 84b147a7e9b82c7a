"""`./dev run` for the second time: no network, nothing built, ready at once."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from .support.server import PATIENCE, READY, ROOT, SANITIZED, environment

RELEASE = ROOT / "build/release/parley"
MOST = 2.0  # seconds until it is ready
TRIES = 5

# Runs the rest of the command line in a network of its own, in which there is nothing but a loopback.
OWN_NETWORK = ["unshare", *([] if os.geteuid() == 0 else ["-Ur"]), "-n"]
ALONE = [*OWN_NETWORK, sys.executable, "-I", str(ROOT / "tests/functional/support/alone.py")]


def alone_is_possible() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, cwd=ROOT).returncode == 0


def sources_time() -> float:
    """When what the program is made of last changed."""
    folders = [ROOT / name for name in ("api", "cmake", "configs", "src", "web/src")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    files += [ROOT / "CMakeLists.txt", ROOT / "CMakePresets.json"]
    files += [ROOT / "web" / name for name in ("index.html", "package-lock.json", "vite.config.ts")]
    return max(file.stat().st_mtime for file in files)


def what_is_missing() -> str | None:
    if SANITIZED:
        return "it is about the release preset"
    if not RELEASE.exists() or RELEASE.stat().st_mtime < sources_time():
        return "there is no build/release of these sources: ./dev build release"
    if not (ROOT / "build/.setup-run").exists():
        return "./dev setup run was not done"
    model = subprocess.run(["tools/dev/model.sh", "path"], capture_output=True, text=True, cwd=ROOT)
    if not Path(model.stdout.strip()).exists():
        return "the default model is not in the cache"
    if not alone_is_possible():
        return "a network of its own needs user namespaces or root"
    return None


def cpu_seconds(pid: int) -> float:
    """Of the process and of all that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / float(os.sysconf("SC_CLK_TCK"))


def seconds_until_ready(config: Path) -> float:
    """By the clock; on a machine with other work the processors' time, which that does not change."""
    begun = time.monotonic()
    one = subprocess.Popen(
        [*ALONE, "./dev", "run", "--config", str(config)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=ROOT,
    )
    with one:
        try:
            assert one.stdout is not None
            assert select.select([one.stdout], [], [], PATIENCE)[0], "it does not get ready"
            line = one.stdout.readline()
            took, used = time.monotonic() - begun, cpu_seconds(one.pid)
            one.send_signal(signal.SIGTERM)
            _, said = one.communicate(timeout=PATIENCE)
        finally:
            one.kill()
    assert READY.search(line), line + said
    assert one.returncode == 0, said
    assert "model ready" in said
    assert not re.search(r"(?i)building|linking|installing|downloading", said), said
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    return used if busy else took


@pytest.mark.timeout(600)
def test_the_second_run_needs_no_network_and_is_ready_at_once(tmp_path: Path) -> None:
    if missing := what_is_missing():
        pytest.skip(missing)
    config = tmp_path / "parley.yaml"
    settings = {
        "server": {"host": "127.0.0.1", "port": 0},
        "store": {"path": str(tmp_path / "data")},
        "log": {"level": "info", "format": "text"},
    }
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    built = RELEASE.stat().st_mtime
    times: list[float] = []
    while not times or (times[-1] >= MOST and len(times) < TRIES):
        times.append(seconds_until_ready(config))
    assert min(times) < MOST, times
    assert RELEASE.stat().st_mtime == built, "it was built again"
