"""Titles: from the first exchange, in the background, and never over a person's."""

import os
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client, script
from .support.waiting import wait_until


def titled(api: client, talk: str) -> str:
    wait_until(lambda: api.interaction(talk)["title"] != "", "it has a title")
    title: str = api.interaction(talk)["title"]
    return title


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("How do I bake bread?", "How do I bake bread?"),
        ("  Two\n\nlines\tof text ", "Two lines of text"),
        (' "Quoted \u202e" ', "Quoted"),
        ("word " * 40, "word " * 15 + "word…"),
        ("日本語" * 40, ("日本語" * 40)[:79] + "…"),
    ],
)
def test_out_of_the_users_words(new_server: start_server, words: str, title: str) -> None:
    with new_server({"titles": {"mode": "words"}}).client() as api:
        talk = api.create_interaction()["interaction_id"]
        api.say(talk, words)
        assert titled(api, talk) == title


def test_the_model_names_it(new_server: start_server) -> None:
    with new_server({"titles": {"mode": "model"}}).client() as api:
        talk = api.create_interaction()["interaction_id"]
        before = api.interaction(talk)
        api.say(talk, "hi")
        # The scripted model repeats its prompt, which is too long for a title: the user's words are taken.
        assert titled(api, talk) == "hi"
        after = api.interaction(talk)
        assert after["version"] == before["version"] + 1
        assert after["message_count"] == 2


def test_a_persons_title_stays(new_server: start_server) -> None:
    with new_server({"titles": {"mode": "words"}}).client() as api:
        named = api.create_interaction(title="Mine")["interaction_id"]
        other = api.create_interaction()["interaction_id"]
        api.say(named, "something")
        api.say(other, "something else")
        assert titled(api, other) == "something else"
        assert api.interaction(named)["title"] == "Mine"
        api.request("PATCH", f"{API}/interactions/{other}", {"title": "Ours"}).expect(200)
        api.say(other, script(["more"]))
        assert api.interaction(other)["title"] == "Ours"


def test_a_failed_first_reply_is_no_reason_to_stay_nameless(new_server: start_server) -> None:
    with new_server({"titles": {"mode": "model"}}).client() as api:
        talk = api.create_interaction()["interaction_id"]
        reply: dict[str, Any] = api.say(talk, 'script:{"tokens":7}')
        assert reply["status"] == "failed"
        assert titled(api, talk) == 'script:{"tokens":7}'


@pytest.mark.real_model
def test_the_real_model_names_it(new_server: start_server) -> None:
    model = {"name": "default", "kind": "llama", "path": os.environ["PARLEY_TEST_MODEL"], "threads": 1}
    over = {"models": [{**model, "context_window": 1024}], "titles": {"mode": "model"}}
    with new_server(over).client(timeout=300) as api:
        talk = api.create_interaction(settings={"max_output_tokens": 16})["interaction_id"]
        wait_until(lambda: api.get("/readyz").status == 200, "the model is ready", 300)
        api.say(talk, "How do I bake bread at home?")
        wait_until(lambda: api.interaction(talk)["title"] != "", "it has a title", 120)
        title = api.interaction(talk)["title"]
        assert 0 < len(title) <= 80
        assert "\n" not in title
