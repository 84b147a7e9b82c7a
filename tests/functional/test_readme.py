"""The README: its lines work as pasted, its table is the program's."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from .support.server import ROOT, environment, run_parley, server
from .support.waiting import wait_until

README = (ROOT / "README.md").read_text(encoding="utf-8")


def pasted_lines() -> str:
    """The one block of shell with curl in it."""
    blocks = [block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "curl" in block]
    assert len(blocks) == 1
    return str(blocks[0])


def paste(one: server, folder: Path) -> list[str]:
    lines = pasted_lines()
    assert lines.count("curl ") == 5
    text = lines.replace("127.0.0.1:8080", f"127.0.0.1:{one.port}")
    command = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environment(), cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_curl_lines_work_as_pasted(shared_server: server, tmp_path: Path) -> None:
    output = "\n".join(paste(shared_server, tmp_path))
    documents = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    first, messages, interactions = documents
    assert first["reply"]["content"].endswith("[user] Name the capital of France.")
    deltas = [
        json.loads(line.removeprefix("data: ")) for line in output.splitlines() if line.startswith("data: ")
    ]
    assert "event: message.completed" in output
    assert "Name the capital of France." in deltas[-1]["content"]
    assert "Which river flows through it?" in deltas[-1]["content"]
    assert [m["role"] for m in messages["data"]] == ["assistant", "user", "assistant", "user"]
    assert interactions["data"][0]["interaction_id"] == first["reply"]["interaction_id"]


@pytest.mark.real_model
@pytest.mark.timeout(1800)
def test_the_curl_lines_with_the_real_model(tmp_path: Path) -> None:
    path = os.environ["PARLEY_TEST_MODEL"]
    model = {"name": "default", "kind": "llama", "path": path, "threads": 1}  # as in test_real_model.py
    with server(tmp_path / "server", {"models": [model]}) as one:
        with one.client() as api:
            wait_until(lambda: api.get("/readyz").status == 200, "the model is loaded", 600)
        output = "\n".join(paste(one, tmp_path))
    assert output.count('"status":"complete"') >= 4
    assert "event: message.delta" in output


def test_the_table_of_the_configuration_is_the_programs() -> None:
    begin, end = "<!-- configuration: begin -->\n", "<!-- configuration: end -->"
    assert begin in README, "the README's marker"
    table = README.split(begin)[1].split(end)[0].strip()
    told = run_parley("check-config", "--markdown")
    assert told.returncode == 0, told.stderr
    assert table == told.stdout.strip()


def test_the_files_the_documents_lead_to_exist() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} leads to {target}"
