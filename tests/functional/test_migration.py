"""parley migrate-store: everything from SQLite to MongoDB and back, whatever happens on the way."""

import contextlib
import json
import re
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .conftest import start_server
from .support.client import API, messages_path, script
from .support.mongo import fresh_database, store_over
from .support.server import BINARY, PATIENCE, environment, run_parley, server
from .support.waiting import wait_until

ROUND = 250_000  # characters: four messages fill a batch


def migrate(
    source: server, target: server, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return run_parley(*command(source, target), *arguments, env={**environment(), **variables})


def command(source: server, target: server) -> list[str]:
    return ["migrate-store", "--config", str(source.config_file()), "--to", str(target.config_file())]


def on_sqlite(folder: Path) -> server:
    return server(folder)


def on_mongo(folder: Path, uri: str) -> server:
    return server(folder, store_over(uri, fresh_database()))


def fill(one: server) -> None:
    """All that the API can make: fields of every kind, replies of every status."""
    with one.client() as api:
        api.request("PATCH", f"{API}/users/me", {"name": "Ada ä😀", "extra": {"$a.b": "c"}}).expect(200)
        settings = {"prompt": "Be brief.", "temperature": 0, "top_p": 0.9, "stop": ["\n"], "seed": 4294967295}
        talk = api.create_interaction(title="Tïtle", settings=settings, metadata={"k": "v"})["interaction_id"]
        api.say(talk, script(["Hello", " there"]), metadata={"a": "b"})
        api.say(talk, script(["x"], fail_after=1))
        path = f"{API}/interactions/{talk}"
        api.request("PATCH", path, {"pinned": True, "archived": True}).expect(200)
        stopped = api.create_interaction()["interaction_id"]
        body = {"content": script(["a"], wait_for_stop=True), "stream": True}
        with api.stream("POST", messages_path(stopped), body) as turn:
            reply = turn.next().data["reply"]["message_id"]
        api.request("POST", messages_path(stopped, reply, "stop")).expect(200)
        parts = [{"type": "text", "text": "one"}, {"type": "text", "text": "\u0000two"}]
        api.note(stopped, parts)
        api.create_interaction()
        many = api.create_interaction()["interaction_id"]
        for number in range(620):
            api.note(many, f"number {number}")
        forked = api.create_interaction(settings={"on_busy": "queue", "mask": ["card"]})["interaction_id"]
        reply = api.say(forked, "one")
        api.say(forked, "two")
        api.request("POST", messages_path(forked, reply["message_id"], "regenerate")).expect(201)
        api.say(forked, "three", parent_id=None)
        gone = api.create_interaction()["interaction_id"]
        api.note(gone, "gone")
        api.request("DELETE", f"{API}/interactions/{gone}").expect(204)


def everything(one: server) -> list[str]:
    """All that the API shows, as the bytes it sends."""
    with one.client() as api:
        seen = [api.get(f"{API}/users/me").text]
        listed = []
        cursor: dict[str, str] = {}
        while True:
            page = api.get(f"{API}/interactions", limit=100, **cursor)
            seen.append(page.text)
            listed += page.body["data"]
            if not page.body["has_more"]:
                break
            cursor = {"cursor": page.body["next_cursor"]}
        for found in listed:
            talk = found["interaction_id"]
            answer = api.get(f"{API}/interactions/{talk}")
            seen += [answer.text, answer.headers["etag"]]
            messages = api.messages(talk)
            seen += [json.dumps(one, ensure_ascii=False) for one in messages]
            seen.append(api.get(messages_path(talk), branch="all", limit=100).text)
            seen += [
                api.get(messages_path(talk, one["message_id"])).text for one in messages[:5] + messages[-5:]
            ]
        return seen


def table(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, str]]:
    rows = re.findall(
        r"^(users|interactions|messages|days of usage) +(\d+) +(\d+)$", done.stdout, re.MULTILINE
    )
    hashes = re.findall(r"^  (?:source|copy) +([0-9a-f]{64})$", done.stdout, re.MULTILINE)
    assert len(hashes) == 2, done.stdout
    return {what: (one, other) for what, one, other in rows} | {"hash": (hashes[0], hashes[1])}


def test_there_and_back_again_nothing_has_changed(tmp_path: Path, shared_mongo_uri: str) -> None:
    first = on_sqlite(tmp_path / "first")
    with first:
        fill(first)
        before = everything(first)
    middle = on_mongo(tmp_path / "middle", shared_mongo_uri)
    there = migrate(first, middle)
    assert there.returncode == 0, there.stderr
    assert "Start Parley with the new configuration" in there.stdout
    assert "copying: 100 %" in there.stderr
    assert "comparing: 100 %" in there.stderr
    found = table(there)
    assert (found["users"], found["interactions"]) == (("1", "1"), ("5", "5"))
    assert len(set(found["hash"])) == 1
    last = on_sqlite(tmp_path / "last")
    back = migrate(middle, last)
    assert back.returncode == 0, back.stderr
    assert table(back) == found
    with middle:
        assert everything(middle) == before
    with last:
        assert everything(last) == before
        with last.client() as api:
            for one in api.get(f"{API}/interactions", limit=100).expect(200)["data"]:
                assert api.note(one["interaction_id"], "on")["seq"] == one["message_count"] + 1
            assert api.say(one["interaction_id"], script(["on"]))["content"] != ""
    with first:
        assert everything(first) == before


def test_a_run_that_is_killed_is_taken_up_by_the_next(tmp_path: Path, shared_mongo_uri: str) -> None:
    source, target = on_sqlite(tmp_path / "source"), on_mongo(tmp_path / "target", shared_mongo_uri)
    with source, source.client() as api:
        for _ in range(60):
            talk = api.create_interaction()["interaction_id"]
            api.note(talk, "ä" * (ROUND // 2))
            api.note(talk, "x" * (ROUND // 2))
    with source:
        before = everything(source)
    running = subprocess.Popen(
        [str(BINARY), *command(source, target)], stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert running.stderr is not None
    with running.stderr as lines:
        told = next(line for line in lines if re.match(r"copying: [2-9]0 %", line))
        running.kill()
    running.wait(PATIENCE)
    assert "of 120 messages" in told
    refused = run_parley("serve", "--config", str(target.config_file()))
    assert refused.returncode == 1
    assert (
        "is the unfinished copy of another store. Run the same parley migrate-store again" in refused.stderr
    )
    again = migrate(source, target)
    assert again.returncode == 0, again.stderr
    kept = re.search(r"going on with an earlier run: (\d+) interactions with (\d+) messages", again.stderr)
    assert kept, again.stderr
    assert 0 < int(kept[2]) < 120
    assert "copying: 0 %" not in again.stderr
    with target:
        assert everything(target) == before


def test_a_run_from_mongodb_that_is_killed_is_taken_up_too(tmp_path: Path, shared_mongo_uri: str) -> None:
    source, target = on_mongo(tmp_path / "source", shared_mongo_uri), on_sqlite(tmp_path / "target")
    with source, source.client() as api:
        for _ in range(50):
            api.note(api.create_interaction()["interaction_id"], "x" * ROUND)
    with source:
        before = everything(source)
    running = subprocess.Popen(
        [str(BINARY), *command(source, target)], stderr=subprocess.PIPE, text=True, env=environment()
    )
    assert running.stderr is not None
    with running.stderr as lines:
        assert next(line for line in lines if re.match(r"copying: [2-9]0 %", line))
        running.kill()
    running.wait(PATIENCE)
    refused = run_parley("serve", "--config", str(target.config_file()))
    assert (refused.returncode, "is the unfinished copy" in refused.stderr) == (1, True)
    unfinished = run_parley("backup", "--config", str(target.config_file()), str(tmp_path / "copy.db"))
    assert (unfinished.returncode, "is the unfinished copy" in unfinished.stderr) == (1, True)
    again = migrate(source, target)
    assert again.returncode == 0, again.stderr
    assert "going on with an earlier run" in again.stderr
    with target:
        assert everything(target) == before


def test_a_target_with_other_data_is_refused(tmp_path: Path, shared_mongo_uri: str) -> None:
    source = on_sqlite(tmp_path / "source")
    with source, source.client() as api:
        api.create_interaction()
    for target in (on_mongo(tmp_path / "mongo", shared_mongo_uri), on_sqlite(tmp_path / "sqlite")):
        with target, target.client() as api:
            api.create_interaction(title="Theirs")
        with target:
            theirs = everything(target)
        refused = migrate(source, target)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "is not empty, and a copy needs a place of its own" in refused.stderr
        with target:
            assert everything(target) == theirs


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE messages SET content = 'Hullo' WHERE message_key = (SELECT min(message_key) FROM messages)",
        "UPDATE messages SET output_tokens = 7 WHERE role = 2",
        "DELETE FROM messages WHERE role = 2",
        "DELETE FROM interactions",
        "UPDATE users SET name = 'Bob'",
        "UPDATE interactions SET last_message_at = last_message_at + 1",
    ],
)
def test_a_corrupted_copy_is_found(tmp_path: Path, damage: str) -> None:
    source, target = on_sqlite(tmp_path / "source"), on_sqlite(tmp_path / "target")
    with source, source.client() as api:
        api.say(api.create_interaction()["interaction_id"], script(["Hello"]))
    assert migrate(source, target).returncode == 0
    same = migrate(source, target, "--verify")
    assert (same.returncode, "The two are the same." in same.stdout) == (0, True)
    with contextlib.closing(sqlite3.connect(target.data / "parley.db")) as db:
        db.execute(damage)
        db.commit()
    found = migrate(source, target, "--verify")
    assert found.returncode == 5, found.stderr
    assert "1 differences between source and copy" in found.stderr
    one, other = table(found)["hash"]
    assert one != other


def test_a_source_in_use_is_refused(tmp_path: Path, shared_mongo_uri: str, new_server: start_server) -> None:
    sqlite, mongo = new_server(name="sqlite"), new_server(store_over(shared_mongo_uri), "mongo")
    locked = migrate(sqlite, on_sqlite(tmp_path / "target"))
    assert locked.returncode == 1
    assert f"is in use by the process {sqlite.pid}. Stop it first" in locked.stderr
    with mongo.client() as api:
        talk = api.create_interaction()["interaction_id"]
        body = {"content": script(["a"], repeat=100_000, delay_ms=5), "stream": True}
        with api.stream("POST", messages_path(talk), body) as turn:
            reply = turn.next().data["reply"]["message_id"]
        refused = migrate(mongo, on_sqlite(tmp_path / "target"))
        assert refused.returncode == 1, refused.stderr
        assert "Stop every Parley that uses it, and run this again" in refused.stderr
        api.request("POST", messages_path(talk, reply, "stop")).expect(200)
    mongo.stop()
    again = migrate(mongo, on_sqlite(tmp_path / "target"))
    assert again.returncode == 0, again.stderr


@pytest.mark.parametrize("kind", ["sqlite", "mongodb"])
def test_a_reply_that_was_left_behind_is_interrupted(
    tmp_path: Path, shared_mongo_uri: str, kind: str
) -> None:
    folder = tmp_path / "source"
    source = on_sqlite(folder) if kind == "sqlite" else on_mongo(folder, shared_mongo_uri)
    source.start()
    with source.client() as api:
        talk = api.create_interaction()["interaction_id"]
        body = {"content": script(["a"], repeat=2000, delay_ms=20), "stream": True}
        with api.stream("POST", messages_path(talk), body) as turn:
            path = messages_path(talk, turn.next().data["reply"]["message_id"])
        wait_until(lambda: api.get(path).body["content"] != "", "a checkpoint was stored", PATIENCE)
    source.kill()
    target = on_sqlite(tmp_path / "target")
    done = migrate(source, target)
    assert done.returncode == 0, done.stderr
    assert "1 unfinished replies of the source are now interrupted" in done.stderr
    with target, target.client() as api:
        reply = api.get(path).expect(200)
        assert (reply["status"], reply["content"][:1]) == ("interrupted", "a")


def test_half_deleted_interactions_stay_behind(tmp_path: Path, shared_mongo_uri: str) -> None:
    source, target = on_mongo(tmp_path / "source", shared_mongo_uri), on_sqlite(tmp_path / "target")
    with source, source.client() as api, ThreadPoolExecutor(4) as pool:
        talks = [api.create_interaction()["interaction_id"] for _ in range(6)]
        for talk in talks:
            api.note(talk, "x")

        def delete(talk: str) -> None:
            with source.client() as own:
                own.request("DELETE", f"{API}/interactions/{talk}").expect(204)

        list(pool.map(delete, talks[:5]))
    done = migrate(source, target)
    assert done.returncode == 0, done.stderr
    assert table(done)["interactions"] == ("1", "1")


def test_secrets_come_from_variables_of_the_side_they_belong_to(
    tmp_path: Path, shared_mongo_uri: str
) -> None:
    source = on_sqlite(tmp_path / "source")
    with source, source.client() as api:
        api.create_interaction()
    arguments = ["migrate-store", "--config", str(source.config_file())]
    to = {"PARLEY_TO_STORE_KIND": "mongodb", "PARLEY_TO_STORE_DATABASE": fresh_database()}
    nowhere = run_parley(*arguments)
    assert nowhere.returncode == 2
    assert "--to FILE" in nowhere.stderr
    incomplete = run_parley(*arguments, env={**environment(), **to})
    assert incomplete.returncode == 3
    assert "PARLEY_TO_STORE_URI" in incomplete.stderr
    secret = "mongodb://ada:hidden-word@127.0.0.1:1/"
    unreachable = run_parley(*arguments, env={**environment(), **to, "PARLEY_TO_STORE_URI": secret})
    assert unreachable.returncode == 1
    assert "the new store can not be used: MongoDB at 127.0.0.1:1 can not be reached" in unreachable.stderr
    assert "hidden-word" not in unreachable.stderr
    done = run_parley(*arguments, env={**environment(), **to, "PARLEY_TO_STORE_URI": shared_mongo_uri})
    assert done.returncode == 0, done.stderr
    typo = run_parley(*arguments, env={**environment(), **to, "PARLEY_TO_STORE_URL": "x"})
    assert typo.returncode == 3


def test_stores_that_are_no_source(tmp_path: Path, shared_mongo_uri: str) -> None:
    target = on_sqlite(tmp_path / "target")
    absent = migrate(on_sqlite(tmp_path / "absent"), target)
    assert (absent.returncode, "holds no store of Parley" in absent.stderr) == (1, True)
    assert not (tmp_path / "absent" / "data").exists()
    empty = migrate(on_mongo(tmp_path / "empty", shared_mongo_uri), target)
    assert (empty.returncode, "holds no store of Parley" in empty.stderr) == (1, True)
    same = migrate(target, target)
    assert (same.returncode, "name the same store" in same.stderr) == (2, True)
    assert not (tmp_path / "target" / "data").exists()
