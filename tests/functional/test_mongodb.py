"""The real program on a MongoDB store: how it starts, and what it finds again."""

from pathlib import Path
from typing import Any

from .conftest import start_server
from .support.client import API, begin, messages_path, script
from .support.mongo import fresh_database, mongo_server, store_over
from .support.server import PATIENCE, run_parley
from .support.waiting import wait_until


def start_failure(tmp_path: Path, over: dict[str, Any], **variables: str) -> str:
    """What it says when it does not start."""
    from .support.server import environment, server

    file = server(tmp_path / "refused", over).config_file()
    done = run_parley("serve", "--config", str(file), env={**environment(), **variables})
    assert done.returncode == 1
    return done.stderr


def test_start_up_says_what_to_do(mongo: mongo_server, tmp_path: Path) -> None:
    nobody = start_failure(tmp_path, store_over("mongodb://127.0.0.1:1/"))
    assert "MongoDB at 127.0.0.1:1 can not be reached: check that it runs" in nobody
    weak = start_failure(tmp_path, store_over(mongo.uri + "?w=1"))
    assert "Leave w out of it" in weak
    secret = mongo.uri.replace("mongodb://", "mongodb://ada:hidden-word@")
    refused = start_failure(tmp_path, store_over("mongodb://x/"), PARLEY_STORE_URI=secret)
    assert "does not let Parley in: check user, password and authSource" in refused
    assert "hidden-word" not in refused
    bad = start_failure(
        tmp_path, store_over("mongodb://x/"), PARLEY_STORE_URI="mongodb://ada:hidden-word:b@@a/"
    )
    assert "is no MongoDB address such as" in bad
    assert "hidden-word" not in bad


def test_a_restarted_server_finds_everything_and_ends_what_was_left(
    shared_mongo_uri: str, new_server: start_server
) -> None:
    over = store_over(shared_mongo_uri, fresh_database())
    first = new_server(over, "first")
    with first.client() as one:
        user = one.get(f"{API}/users/me").expect(200)["user_id"]
        talk = one.create_interaction(title="Kept")["interaction_id"]
        assert one.say(talk, script(["Hello"]))["content"] == "Hello"
        reply = messages_path(talk, begin(one, talk, script(["a"], repeat=2000, delay_ms=20)))
        wait_until(lambda: one.get(reply).body["content"] != "", "a checkpoint was stored", PATIENCE)
    first.kill()
    with new_server(over, "second").client() as one:
        assert one.get(f"{API}/users/me").expect(200)["user_id"] == user
        assert one.interaction(talk)["title"] == "Kept"
        wait_until(lambda: one.get(reply).body["status"] == "interrupted", "the reply is over", PATIENCE)
        assert one.get(reply).body["content"].startswith("a")
        assert one.say(talk, script(["and on"]))["content"] == "and on"
