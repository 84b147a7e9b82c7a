"""schemathesis against the running server: every check, no failure."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import start_server
from .support.server import ROOT, SANITIZED, environment

EXPECTED = Path(__file__).parent / "schemathesis_expected.toml"


@pytest.mark.timeout(900)
@pytest.mark.skipif(SANITIZED, reason="the other tests reach the same code; this one takes minutes")
def test_the_server_keeps_to_its_contract(new_server: start_server, tmp_path: Path) -> None:
    one = new_server({"models": [{"name": "scripted", "kind": "scripted", "parallel": 64}]})
    st = Path(sys.executable).parent / "st"
    command = [str(st), "--config-file", str(EXPECTED), "run", f"{one.base_url}/openapi.json"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=800,
        env={
            **environment(),
            "NO_COLOR": "1",
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.functional.support.schemathesis_hooks",
        },
        cwd=tmp_path,
    )
    (tmp_path / "schemathesis.txt").write_text(done.stdout, encoding="utf-8")
    print(done.stdout[-30000:])
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    with one.client() as api:
        assert api.get("/readyz").status == 200
