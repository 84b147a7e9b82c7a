"""What a model reads instead of what a user wrote. Without a script the scripted model repeats its prompt."""

from typing import Any

from .conftest import start_server
from .support.client import API, client, messages_path

MAIL = "Write to ada@example.org, please."


def read_by_model(api: client, talk: str, content: str = "And?") -> str:
    return str(api.say(talk, content)["content"])


def test_masks_keep_addresses_from_the_model_and_what_was_written_stays(new_server: start_server) -> None:
    with new_server({"transforms": {"mask": ["email"]}}).client() as api:
        talk = api.create_interaction()["interaction_id"]
        first = api.say(talk, MAIL)
        assert "Write to" in first["content"]
        assert "ada@example.org" not in first["content"]
        said = api.messages(talk)[0]
        assert said["content"] == MAIL
        assert "ada@example.org" not in said["transformed_content"]
        assert "ada@example.org" not in read_by_model(api, talk)


def test_masks_are_for_messages_without_a_reply_as_well(new_server: start_server) -> None:
    with new_server({"transforms": {"mask": ["email"]}}).client() as api:
        talk = api.create_interaction()["interaction_id"]
        noted = api.note(talk, MAIL)
        assert noted["content"] == MAIL
        assert "ada@example.org" not in noted["transformed_content"]
        assert "ada@example.org" not in read_by_model(api, talk)
        # A reply to the note itself.
        path = messages_path(talk, noted["message_id"], "regenerate")
        again = api.request("POST", path, {}).expect(201)["reply"]
        assert "Write to" in again["content"]
        assert "ada@example.org" not in again["content"]


def test_a_template_of_the_interaction_goes_around_what_the_user_writes(api: client) -> None:
    api.request("PATCH", f"{API}/users/me", {"name": "Ada"}).expect(200)
    settings: dict[str, Any] = {"content_template": "{{user.name}} asks: {{content}}", "mask": ["email"]}
    talk = api.create_interaction(settings=settings)["interaction_id"]
    assert "Ada asks: Hello" in read_by_model(api, talk, "Hello")
    assert api.messages(talk)[0]["transformed_content"] == "Ada asks: Hello"
    assert api.note(talk, "Noted")["transformed_content"] == "Ada asks: Noted"


def test_a_regeneration_reads_the_message_by_its_own_masks(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, MAIL)
    assert "ada@example.org" in first["content"]
    path = messages_path(talk, first["message_id"], "regenerate")
    settings = {"mask": ["email"], "content_template": "Again: {{content}}"}
    again = api.request("POST", path, {"settings": settings}).expect(201)
    assert "Again: Write to" in again["reply"]["content"]
    assert "ada@example.org" not in again["reply"]["content"]
    assert again["user_message"]["transformed_content"] is None
    assert "ada@example.org" in api.request("POST", path, {}).expect(201)["reply"]["content"]
