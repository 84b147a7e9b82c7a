"""parley backup: a consistent copy of a SQLite store, with the server running or not."""

import contextlib
import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from .conftest import start_server
from .support.client import API, script
from .support.mongo import store_over
from .support.server import BINARY, PATIENCE, environment, run_parley, server
from .support.waiting import wait_until
from .test_durability import can_mount


def backup(one: server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_parley("backup", "--config", str(one.config_file()), *arguments)


def integrity(copy: Path) -> str:
    with contextlib.closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as db:
        found: str = db.execute("PRAGMA integrity_check").fetchone()[0]
        return found


def start_on(copy: Path, folder: Path) -> server:
    one = server(folder)
    one.data.mkdir(parents=True, mode=0o700)
    shutil.copy(copy, one.data / "parley.db")
    return one


def wait_for_writes(acknowledged: list[list[str]], least: int) -> None:
    wait_until(lambda: all(len(ids) > least for ids in acknowledged), "they write", PATIENCE)


def test_under_concurrent_writers_every_acknowledged_message_is_in_the_copy(
    new_server: start_server, tmp_path: Path
) -> None:
    one = new_server()
    copies = tmp_path / "copies"
    copies.mkdir()
    over = threading.Event()
    acknowledged: list[list[str]] = [[] for _ in range(8)]
    with one.client() as api:
        talks = [api.create_interaction()["interaction_id"] for _ in acknowledged]

    def write(at: int) -> None:
        with one.client() as api:
            while not over.is_set():
                acknowledged[at].append(
                    api.note(talks[at], f"{len(acknowledged[at])} " + "x" * 500)["message_id"]
                )

    writers = [threading.Thread(target=write, args=(at,)) for at in range(len(talks))]
    for writer in writers:
        writer.start()
    before: list[list[list[str]]] = []
    try:
        for number in range(3):
            wait_for_writes(acknowledged, 20 * (number + 1))
            before.append([list(ids) for ids in acknowledged])
            done = backup(one, str(copies / f"{number}.db"))
            assert done.returncode == 0, done.stderr
            assert f"{len(talks)} interactions" in done.stdout
    finally:
        over.set()
        for writer in writers:
            writer.join(PATIENCE)
    assert sorted(os.listdir(copies)) == ["0.db", "1.db", "2.db"]
    for number, ids_before in enumerate(before):
        copy = copies / f"{number}.db"
        assert integrity(copy) == "ok"
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with start_on(copy, tmp_path / f"restored-{number}") as other, other.client() as api:
            for at, talk in enumerate(talks):
                stored = [m["message_id"] for m in api.messages(talk)]
                assert stored[: len(ids_before[at])] == ids_before[at]
                assert stored == acknowledged[at][: len(stored)]
                assert api.interaction(talk)["message_count"] == len(stored)
                api.note(talk, "and on")


def test_a_reply_that_is_being_written_is_interrupted_in_the_copy(
    new_server: start_server, tmp_path: Path
) -> None:
    one = new_server()
    with one.client() as api:
        talk = api.create_interaction()["interaction_id"]
        body = {"content": script(["a"], wait_for_stop=True), "stream": True}
        with api.stream("POST", f"{API}/interactions/{talk}/messages", body) as turn:
            reply = turn.next().data["reply"]["message_id"]
            done = backup(one, str(tmp_path / "copy.db"))
        assert done.returncode == 0, done.stderr
        path = f"{API}/interactions/{talk}/messages/{reply}"
        api.request("POST", f"{path}/stop").expect(200)
    with start_on(tmp_path / "copy.db", tmp_path / "restored") as other, other.client() as api:
        assert api.get(path).expect(200)["status"] == "interrupted"


def test_a_stopped_server_is_backed_up_and_left_as_it_was(new_server: start_server, tmp_path: Path) -> None:
    one = new_server()
    with one.client() as api:
        talk = api.create_interaction(title="Kept")["interaction_id"]
        api.note(talk, "hello")
    one.kill()  # the log is not moved into the database
    files = {entry.name: entry.read_bytes() for entry in one.data.iterdir() if entry.suffix != ".db-shm"}
    assert files["parley.db-wal"] != b""
    assert backup(one, str(tmp_path / "copy.db")).returncode == 0
    assert {name: (one.data / name).read_bytes() for name in files} == files
    with start_on(tmp_path / "copy.db", tmp_path / "restored") as other, other.client() as api:
        assert [m["content"] for m in api.messages(talk)] == ["hello"]


def test_an_old_copy_is_replaced_only_when_told(new_server: start_server, tmp_path: Path) -> None:
    one = new_server()
    copy = tmp_path / "copy.db"
    copy.write_text("precious", encoding="utf-8")
    refused = backup(one, str(copy))
    assert refused.returncode == 1
    assert "is there already. Choose another name, or say --force" in refused.stderr
    assert copy.read_text(encoding="utf-8") == "precious"
    assert backup(one, str(copy), "--force").returncode == 0
    assert integrity(copy) == "ok"
    assert not (tmp_path / "copy.db.part").exists()


def test_what_a_killed_backup_left_is_in_nobodys_way(new_server: start_server, tmp_path: Path) -> None:
    one = new_server()
    (tmp_path / "copy.db.part").write_text("half a copy", encoding="utf-8")
    (tmp_path / "copy.db.part").chmod(0o644)
    (tmp_path / "copy.db.part-journal").write_text("and more", encoding="utf-8")
    assert backup(one, str(tmp_path / "copy.db")).returncode == 0
    assert integrity(tmp_path / "copy.db") == "ok"
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert not list(tmp_path.glob("copy.db.*"))


def test_places_that_can_not_be(new_server: start_server, tmp_path: Path) -> None:
    one = new_server()
    for place, what in [
        (tmp_path, "is a folder. Name the file"),
        (tmp_path / "absent" / "copy.db", "can not be written (No such file or directory)"),
        (one.data / "copy.db", "is in the data folder itself"),
        (one.data / "parley.db", "is in the data folder itself"),
    ]:
        done = backup(one, str(place), "--force")
        assert (done.returncode, done.stdout) == (1, ""), place
        assert what in done.stderr
    with one.client() as api:
        api.create_interaction()


@pytest.mark.skipif(not can_mount(), reason="a file system of its own needs user namespaces or root")
def test_a_full_disk_keeps_nothing_of_the_copy(new_server: start_server, tmp_path: Path) -> None:
    one = new_server()
    with one.client() as api:
        talk = api.create_interaction()["interaction_id"]
        for _ in range(10):
            api.note(talk, "x" * 50_000)
    copies = tmp_path / "copies"
    copies.mkdir()
    arguments = ["backup", "--config", str(one.config_file()), str(copies / "copy.db")]
    mount = 'mount -t tmpfs -o size=200k tmpfs "$0" && { "$@"; code=$?; ls -A "$0"; exit $code; }'
    wrapped = ["unshare", "-Urm", "sh", "-c", mount, str(copies), str(BINARY), *arguments]
    full = subprocess.run(wrapped, capture_output=True, text=True, env=environment(), timeout=PATIENCE)
    assert (full.returncode, full.stdout) == (1, "")
    assert f"The disk of {copies} is full. Nothing was kept of the copy" in full.stderr
    assert run_parley(*arguments).returncode == 0


def test_stores_that_are_not_there(tmp_path: Path) -> None:
    absent = run_parley("backup", "--data", str(tmp_path / "nowhere"), str(tmp_path / "copy.db"))
    assert absent.returncode == 1
    assert "holds no store of Parley" in absent.stderr
    assert not (tmp_path / "nowhere").exists()
    mongo = server(tmp_path / "mongo", store_over("mongodb://127.0.0.1:1/"))
    told = backup(mongo, str(tmp_path / "copy.db"))
    assert told.returncode == 1
    assert "use mongodump, as docs/operations.md tells" in told.stderr


def test_a_damaged_store_gives_no_copy(new_server: start_server, tmp_path: Path) -> None:
    one = new_server()
    with one.client() as api:
        talk = api.create_interaction()["interaction_id"]
        for _ in range(10):
            api.note(talk, "x" * 50_000)
    one.stop()
    database = one.data / "parley.db"
    content = bytearray(database.read_bytes())
    for page in range(20, len(content) // 4096):
        content[page * 4096 : page * 4096 + 8] = b"\xff" * 8
    database.write_bytes(content)
    done = backup(one, str(tmp_path / "copy.db"))
    assert done.returncode == 1
    assert "is damaged, and so is a copy of it, which was not kept" in done.stderr
    assert not list(tmp_path.glob("copy.db*"))


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_one_file_is_named(arguments: list[str]) -> None:
    assert run_parley("backup", *arguments).returncode == 2
