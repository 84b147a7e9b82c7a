"""The Dockerfile's own lines carried out in folders (--full), and the program that comes out of them."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.functional.support.redis import free_port

from .support.chroot_image import image

FULL = os.environ.get("PARLEY_TEST_FULL") == "1"
ABLE = os.geteuid() == 0 and shutil.which("debootstrap") is not None and shutil.which("unshare") is not None
PATIENCE = 120  # seconds
# More build arguments, as in "TESTS=tests/functional;COMMIT=abc".
EXTRA = dict(one.split("=", 1) for one in os.environ.get("PARLEY_TEST_IMAGE_ARGS", "").split(";") if one)

pytestmark = [
    pytest.mark.skipif(not FULL, reason="./dev test --full"),
    pytest.mark.skipif(not ABLE, reason="needs root, debootstrap and unshare"),
    pytest.mark.timeout(3 * 3600),  # it builds llama.cpp
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> image:
    """PARLEY_TEST_IMAGE keeps the stages for the next time."""
    folder = Path(os.environ.get("PARLEY_TEST_IMAGE") or tmp_path_factory.mktemp("image"))
    one = image(folder, {"MODEL": "default", **EXTRA})
    one.make("runtime")
    return one


def over(port: int) -> dict[str, str]:
    """Alone and for this machine only: without the servers that configs/production.yaml counts on."""
    return {
        "PARLEY_CONFIG": "",
        "PARLEY_SERVER_HOST": "127.0.0.1",
        "PARLEY_SERVER_PORT": str(port),
        "PARLEY_URL": f"http://127.0.0.1:{port}",
    }


def run_in(made: image, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = made.inside("runtime", words, tmp_path, {})
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_it_starts_is_healthy_and_ends_by_sigterm(made: image, tmp_path: Path) -> None:
    os.chown(tmp_path, 10001, 10001)
    port = free_port()
    check = made.health_check("runtime", tmp_path, over(port))
    before = subprocess.run(check, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (before.returncode, before.stdout) == (1, "")
    command = made.program("runtime", tmp_path, over(port))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline().startswith("parley ready:")
            status = Path(f"/proc/{program.pid}/status").read_text(encoding="utf-8")
            assert "\nUid:\t10001\t10001\t10001\t10001\n" in status
            after = subprocess.run(check, capture_output=True, text=True, timeout=PATIENCE, check=False)
            assert (after.returncode, after.stderr) == (0, "")
            assert '"smollm2-135m-instruct":"ready"' in after.stdout
            program.send_signal(signal.SIGTERM)
            assert program.wait(PATIENCE) == 0
        finally:
            program.kill()
    assert (tmp_path / "parley").is_dir(), "the conversations are in /data"


def test_only_data_and_tmp_can_be_written(made: image, tmp_path: Path) -> None:
    os.chown(tmp_path, 10001, 10001)
    for folder in ("/data", "/tmp"):
        assert run_in(made, tmp_path, "touch", f"{folder}/x").returncode == 0, folder
    for folder in ("/", "/etc", "/var/cache/parley/models", "/usr/local/bin"):
        refused = run_in(made, tmp_path, "touch", f"{folder}/x")
        assert "Read-only file system" in refused.stderr, folder


def test_there_are_no_compilers_and_little_else(made: image, tmp_path: Path) -> None:
    found = run_in(
        made, tmp_path, "sh", "-c", "command -v gcc g++ cc c++ ld make cmake git python3 pip npm curl"
    )
    assert found.stdout == ""
    root = made.root_of("runtime")
    megabytes = int(subprocess.check_output(["du", "-sxm", str(root)], text=True).split()[0])
    model = sum(one.stat().st_size for one in (root / "var/cache/parley/models").iterdir()) / 1e6
    print(f"runtime image: {megabytes} MB, of which {model:.0f} MB are the model")
    assert megabytes - model < 350
