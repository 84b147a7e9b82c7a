"""Nothing acknowledged is lost: kill -9, full disks, shutdowns."""

import contextlib
import shutil
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import full, start_server
from .support.client import API, answer, messages_path, script
from .support.events import check_deltas, event
from .support.ledger import append, book, countdown, write_until_killed
from .support.server import SANITIZED, server
from .support.waiting import wait_until

WRITERS = 64
ROUNDS = 50 if full else 2 if SANITIZED else 5


@pytest.mark.timeout(1800)
def test_kill_9_in_the_middle_of_64_writers(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        books = [book(api.create_interaction()["interaction_id"]) for _ in range(WRITERS)]
    for round_number in range(ROUNDS):
        acknowledged, over = countdown(200 + 37 * round_number), threading.Event()
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [
                pool.submit(write_until_killed, one.base_url, into, append, acknowledged, over)
                for into in books
            ]
            acknowledged.wait(120)
            one.kill()
            for writer in writers:
                writer.result()
        one.start()
        with one.client() as api:
            for into in books:
                into.check(api)


def test_kill_9_in_the_middle_of_a_reply(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
        body = {"content": script(["word "], repeat=100000, delay_ms=2), "stream": True}
        seen: list[event] = []
        with api.stream("POST", messages_path(interaction_id), body) as turn:
            reply = turn.next().data["reply"]
            path = messages_path(interaction_id, reply["message_id"])
            with one.client() as other:
                while len(other.get(path).expect(200)["content"]) < 50:  # checkpointed
                    seen.append(turn.next())
            seen.append(turn.next())
            one.kill()
            with pytest.raises((httpx.TransportError, AssertionError)):
                turn.rest()
    one.start()
    with one.client() as api:
        stored = api.get(path).expect(200)
        assert stored["status"] == "interrupted"
        assert len(stored["content"]) >= 50
        assert stored["content"] == "word " * (len(stored["content"]) // 5)
        with api.stream("GET", path + "/events", headers={"Last-Event-ID": "10"}) as events:
            *deltas, last = events.rest()
        assert check_deltas(deltas, "word word ") == stored["content"]
        assert last == event("end", "message.interrupted", stored)
        # Whoever had seen more than was kept is told the final text at once.
        with api.stream("GET", path + "/events", headers={"Last-Event-ID": "99999999"}) as events:
            assert events.rest() == [last]
        assert api.say(interaction_id, script(["on"]))["content"] == "on"


def test_a_data_folder_that_is_taken_away(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
        one.data.rename(one.data.with_name("away"))
        refused = api.send(interaction_id, "lost?", respond=False)
        refused.expect_error(503, "store_unavailable")
        unready = api.get("/readyz").expect(503)
        assert unready["checks"]["store"] == "store_unavailable"
        one.wait_for_log("was deleted, moved or replaced")
        one.data.with_name("away").rename(one.data)
        wait_until(lambda: api.get("/readyz").status == 200, "it is ready again")
        api.note(interaction_id, "kept")
        assert [m["content"] for m in api.messages(interaction_id)] == ["kept"]


# Whatever the tests themselves were started with.
MINDS_HANGUP = ("env", "--default-signal=HUP")


def test_a_hangup_that_is_ignored_ends_nothing(new_server: start_server) -> None:
    one = new_server(wrapper=("env", "--ignore-signal=HUP"))
    with one.client() as api:
        one.signal(signal.SIGHUP)
        assert api.get("/readyz").expect(200)
        assert api.say(api.create_interaction()["interaction_id"], script(["on"]))["content"] == "on"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_shutdown_waits_for_replies(new_server: start_server, how: signal.Signals) -> None:
    one = new_server({"server": {"shutdown_grace": "30s"}}, wrapper=MINDS_HANGUP)
    with one.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
        body = {"content": script(["word "], repeat=100, delay_ms=5), "stream": True}
        with api.stream("POST", messages_path(interaction_id), body) as turn:
            turn.next()
            turn.next()
            one.signal(how)
            if how == signal.SIGHUP:  # a terminal that is closed sends more than one
                one.wait_for_log("shutting down")
                one.signal(how)
            last = turn.rest()[-1]
        assert (last.name, last.data["content"]) == ("message.completed", "word " * 100)
    one.wait_for_exit(0)
    one.start()
    with one.client() as api:
        assert api.messages(interaction_id)[-1] == last.data


def test_a_shutdown_interrupts_replies_after_its_grace(new_server: start_server) -> None:
    one = new_server({"server": {"shutdown_grace": "200ms"}})
    with one.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
        body = {"content": script(["kept"], wait_for_stop=True), "stream": True}
        with api.stream("POST", messages_path(interaction_id), body) as turn:
            turn.next()
            turn.next()
            one.signal(signal.SIGTERM)
            last = turn.rest()[-1]
        assert (last.id, last.name, last.data["content"]) == ("end", "message.interrupted", "kept")
    one.wait_for_exit(0)
    one.start()
    with one.client() as api:
        assert api.messages(interaction_id)[-1] == last.data


def test_everything_is_there_after_a_restart(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        settings = {"prompt": "p", "stop": ["x"], "temperature": 0.1, "seed": 3}
        interaction = api.create_interaction(title="t", settings=settings, metadata={"k": "v"}, pinned=True)
        interaction_id = interaction["interaction_id"]
        api.say(interaction_id, [{"type": "text", "text": "parts"}], metadata={"a": "b"})
        before = (api.interaction(interaction_id), api.messages(interaction_id))
        cursor = api.get(messages_path(interaction_id), limit=1).expect(200)["next_cursor"]
    one.stop()
    one.start()
    with one.client() as api:
        assert (api.interaction(interaction_id), api.messages(interaction_id)) == before
        assert api.get(messages_path(interaction_id), cursor=cursor).expect(200)["data"] == before[1][:1]


def fill(file: Path) -> None:
    """Writes until there is no room."""
    with file.open("wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(b"\0" * 4096)


def can_mount() -> bool:
    mount = ["unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"]
    return shutil.which("unshare") is not None and subprocess.run(mount, capture_output=True).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="a file system of its own needs user namespaces or root")
def test_a_full_disk(tmp_path: Path) -> None:
    data = tmp_path / "server" / "data"
    data.mkdir(parents=True)
    mount = f'mount -t tmpfs -o size=6m,mode=700 tmpfs "{data}" && exec "$@"'
    one = server(tmp_path / "server", wrapper=("unshare", "-Urm", "sh", "-c", mount, "sh"))
    with one, one.client() as api:
        inside = Path(f"/proc/{one.pid}/root{data}")
        interaction_id = api.create_interaction()["interaction_id"]
        for number in range(10):
            api.note(interaction_id, str(number))

        filler = inside / "filler"
        fill(filler)
        acknowledged = [str(number) for number in range(10)]

        def until_refused() -> answer:
            while True:
                content = "y" * 2000 + str(len(acknowledged))
                got = api.send(interaction_id, content, respond=False)
                if got.status != 201:
                    return got
                acknowledged.append(content)
                assert len(acknowledged) < 5000

        until_refused().expect_error(507, "storage_full")
        for refused in (
            api.send(interaction_id, "z" * 4000),
            api.send(interaction_id, "z" * 4000, respond=False),
            api.request("POST", f"{API}/interactions", {"metadata": {"k": "z" * 2000}}),
        ):
            refused.expect_error(507, "storage_full")
        stored: list[dict[str, Any]] = api.messages(interaction_id)
        assert [m["content"] for m in stored] == acknowledged
        assert api.get("/healthz").status == 200
        not_ready = api.get("/readyz")
        assert (not_ready.status, not_ready.body["checks"]["store"]) == (503, "storage_full")

        filler.unlink()
        wait_until(lambda: api.get("/readyz").status == 200, "ready again before anybody writes")
        wait_until(
            lambda: api.send(interaction_id, "room", respond=False).status == 201, "there is room again"
        )
        assert [m["content"] for m in api.messages(interaction_id)] == [*acknowledged, "room"]
        assert api.say(api.create_interaction()["interaction_id"], script(["on"]))["content"] == "on"


@pytest.mark.skipif(not can_mount(), reason="a file system of its own needs user namespaces or root")
def test_a_disk_that_fills_up_during_a_reply(tmp_path: Path) -> None:
    """The reply's end is tried again until there is room; the reader waits for it."""
    data = tmp_path / "server" / "data"
    data.mkdir(parents=True)
    mount = f'mount -t tmpfs -o size=6m,mode=700 tmpfs "{data}" && exec "$@"'
    one = server(tmp_path / "server", wrapper=("unshare", "-Urm", "sh", "-c", mount, "sh"))
    with one, one.client() as api:
        inside = Path(f"/proc/{one.pid}/root{data}")
        interaction_id = api.create_interaction()["interaction_id"]
        body = {"content": script(["w" * 1000], repeat=1000, first_delay_ms=5000), "stream": True}
        with api.stream("POST", messages_path(interaction_id), body) as turn:
            turn.next()
            filler = inside / "filler"
            fill(filler)
            one.wait_for_log("reply not stored")
            filler.unlink()
            last = turn.rest()[-1]
        assert (last.name, last.data["content"]) == ("message.completed", "w" * 1_000_000)
        assert api.messages(interaction_id)[-1] == last.data
