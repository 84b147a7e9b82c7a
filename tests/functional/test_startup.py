"""Starting: commands, configuration, data folders and models that are wrong; the messages say what to do."""

import os
import re
import socket
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import start_server
from .support.client import API, script
from .support.server import ROOT, SCRIPTED, environment, run_parley, server


def fails_to_start(one: server) -> str:
    """What it says on standard error."""
    done = run_parley("serve", "--config", str(one.config_file()))
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert done.stderr.strip()
    return str(done.stderr)


def test_help_and_version() -> None:
    help_text = run_parley("--help")
    assert help_text.returncode == 0
    for word in ("serve", "check-config", "chat", "--version"):
        assert word in help_text.stdout
    version = run_parley("--version")
    assert version.returncode == 0
    assert re.search(r"\d+\.\d+\.\d+", version.stdout)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("nonsense",), 2), (("serve", "--nonsense"), 2), (("check-config", "--config", "/nowhere.yaml"), 3)],
)
def test_wrong_arguments(arguments: tuple[str, ...], code: int) -> None:
    done = run_parley(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.strip()


def test_the_ready_line_names_the_addresses(new_server: start_server) -> None:
    one = new_server()
    base = f"http://127.0.0.1:{one.port}"
    assert f"chat {base}/ " in one.ready_line
    assert f"{base}/docs" in one.ready_line
    assert f"{base}/api/v1" in one.ready_line
    assert (one.folder / "stdout.txt").read_text(encoding="utf-8").count("\n") == 1


# What production.yaml leaves to the environment.
SECRETS = {
    "PARLEY_AUTH_BOOTSTRAP_KEY": "a" * 64,
    "PARLEY_STORE_URI": "mongodb://parley:b@mongodb:27017/?replicaSet=rs0",
    "PARLEY_CACHE_URI": "redis://parley:c@redis:6379/0",
}


def test_the_committed_configurations_are_valid() -> None:
    for file in sorted((ROOT / "configs").glob("*.yaml")):
        secrets = SECRETS if file.stem == "production" else {}
        done = run_parley("check-config", "--config", str(file), env={**environment(), **secrets})
        assert done.returncode == 0, f"{file}: {done.stdout}{done.stderr}"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("server:\n  port: 80800\n", 2, "server.port"),
        ("server:\n  prot: 8080\n", 2, "server.prot"),
        ("server:\n  port: abc\n", 2, "server.port"),
        ("server:\n  header_timeout: 10\n", 2, "server.header_timeout"),
        ("server:\n  max_body_size: -1MiB\n", 2, "server.max_body_size"),
        ("server: 7\n", 1, "server"),
        ("sever:\n  port: 1\n", 1, "sever"),
        ("server:\n  host: 0.0.0.0\n", 2, "server.host"),
        ("auth:\n  mode: jwt\n", 2, "auth.mode"),
        ("log:\n  level: loud\n", 2, "log.level"),
        ("models:\n  - name: a\n    kind: llama\n", 2, "models[0].path"),
        ("models:\n  - kind: scripted\n", 2, "models[0].name"),
        ("models:\n  - {name: a, kind: scripted}\n  - {name: a, kind: scripted}\n", 3, "models[1].name"),
        ("default_model: nobody\n", 1, "default_model"),
        ("server:\n  port: 1\n  port: 2\n", 3, "server.port"),
        ("server: [\n", 2, ""),
    ],
)
def test_wrong_configurations_are_told_with_file_line_and_key(
    tmp_path: Path, text: str, line: int, key: str
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    for command in ("check-config", "serve"):
        done = run_parley(command, "--config", str(file))
        assert done.returncode == 3
        assert f"{file}:{line}" in done.stderr
        assert key in done.stderr


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("server:\n  port: x\n  thread: 1\nlog:\n  level: loud\n", encoding="utf-8")
    stderr = run_parley("check-config", "--config", str(file)).stderr
    for line in (2, 3, 5):
        assert f"{file}:{line}" in stderr


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    one = server(tmp_path)
    file = str(one.config_file())
    wrong = run_parley("check-config", "--config", file, env={**environment(), "PARLEY_SERVER_PORT": "x"})
    assert wrong.returncode == 3
    assert "PARLEY_SERVER_PORT" in wrong.stderr
    unknown = run_parley("check-config", "--config", file, env={**environment(), "PARLEY_SERVER_PROT": "1"})
    assert unknown.returncode == 3
    assert "PARLEY_SERVER_PROT" in unknown.stderr


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stderr = fails_to_start(server(tmp_path, {"server": {"port": port}}))
    assert str(port) in stderr
    assert "already listens" in stderr


def test_a_data_folder_that_is_in_use(new_server: start_server, tmp_path: Path) -> None:
    first = new_server()
    stderr = fails_to_start(server(tmp_path / "second", {"store": {"path": str(first.data)}}))
    assert str(first.data) in stderr
    with first.client() as api:
        api.create_interaction()


def database(one: server) -> Path:
    files = [file for file in one.data.iterdir() if file.read_bytes()[:15] == b"SQLite format 3"]
    assert len(files) == 1, list(one.data.iterdir())
    return files[0]


@pytest.fixture
def stopped(new_server: start_server) -> server:
    """A server that has run and stored something."""
    one = new_server()
    with one.client() as api:
        interaction_id = api.create_interaction(title="kept")["interaction_id"]
        for number in range(50):
            api.note(interaction_id, f"{number} " + "x" * 500)
    one.stop()
    return one


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    stderr = fails_to_start(server(tmp_path, {"store": {"path": str(tmp_path / "file" / "data")}}))
    assert str(tmp_path / "file") in stderr


@pytest.mark.parametrize("damage", ["header", "middle", "truncated", "text"])
def test_a_corrupt_database_is_told_and_left_alone(stopped: server, damage: str) -> None:
    file = database(stopped)
    healthy = file.read_bytes()
    for beside in stopped.data.glob(file.name + "-*"):
        beside.unlink()
    broken = {
        "header": b"\0" * 100 + healthy[100:],
        "middle": healthy[:4096] + b"\xa5" * (len(healthy) - 8192) + healthy[-4096:],
        "truncated": healthy[: len(healthy) // 2 + 100],
        "text": b"this is not a database\n" * 100,
    }[damage]
    file.write_bytes(broken)
    stderr = fails_to_start(stopped)
    assert str(stopped.data) in stderr
    assert "backup" in stderr
    assert file.read_bytes() == broken
    file.write_bytes(healthy)
    stopped.start()
    with stopped.client() as api:
        assert api.get(f"{API}/interactions").expect(200)["data"][0]["title"] == "kept"


def test_a_database_of_a_newer_version(stopped: server) -> None:
    file = database(stopped)
    with sqlite3.connect(file) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        assert version > 0
        connection.execute(f"PRAGMA user_version = {version + 1}")
    connection.close()
    stderr = fails_to_start(stopped)
    assert str(file) in stderr
    assert "newer" in stderr
    with sqlite3.connect(file) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    stopped.start()


def test_a_database_of_another_program(tmp_path: Path, stopped: server) -> None:
    file = database(stopped)
    for one in stopped.data.glob("*"):
        one.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE interactions (x)")
    connection.close()
    assert str(file) in fails_to_start(stopped)


def llama_available() -> bool:
    return bool(os.environ.get("PARLEY_TEST_MODEL"))


@pytest.mark.skipif(not llama_available(), reason="built without llama.cpp")
@pytest.mark.parametrize("what", ["missing", "text", "truncated", "folder"])
def test_a_gguf_that_cannot_be_loaded(new_server: start_server, tmp_path: Path, what: str) -> None:
    file = tmp_path / "model.gguf"
    if what == "text":
        file.write_text("not a model\n" * 100, encoding="utf-8")
    elif what == "truncated":
        with Path(os.environ["PARLEY_TEST_MODEL"]).open("rb") as whole:
            file.write_bytes(whole.read(3_000_000))
    elif what == "folder":
        file.mkdir()
    broken = {"name": "broken", "kind": "llama", "path": str(file)}
    one = new_server({"models": [broken, SCRIPTED]})
    with one.client() as api:
        one.wait_for_log(str(file))
        ready = api.get("/readyz")
        state: dict[str, Any] = ready.expect(503)
        models = {"broken": "failed", "scripted": "ready"}
        assert state == {"status": "not_ready", "checks": {"store": "ok", "cache": "ok", "models": models}}
        model = api.get(f"{API}/models").expect(200)["data"][0]
        assert (model["state"], model["default"]) == ("failed", True)
        assert str(file) in model["problem"]
        interaction_id = api.create_interaction()["interaction_id"]
        refused = api.send(interaction_id, "x")
        refused.expect_error(503, "model_failed")
        assert int(refused.headers["retry-after"]) >= 1
        assert api.messages(interaction_id) == []
        path = f"{API}/interactions/{interaction_id}"
        api.request("PATCH", path, {"settings": {"model_name": "scripted"}}).expect(200)
        assert api.say(interaction_id, script(["works"]))["content"] == "works"


def test_paths_in_a_file_start_at_its_folder(tmp_path: Path) -> None:
    one = server(tmp_path / "place", {"store": {"path": "beside"}})
    with one, one.client() as api:
        api.create_interaction()
    assert (tmp_path / "place" / "beside").is_dir()
    assert yaml.safe_load(one.config_file().read_text(encoding="utf-8"))["store"]["path"] == "beside"
