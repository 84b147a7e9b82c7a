"""Interactions: made, read, changed, deleted; their fields and limits."""

import uuid
from typing import Any

import pytest

from .support.client import API, client, messages_path, script

PATH = f"{API}/interactions"

DEFAULTS: dict[str, Any] = {
    "model_name": None,
    "role": "system",
    "prompt": None,
    "temperature": None,
    "top_p": None,
    "max_output_tokens": None,
    "stop": [],
    "seed": None,
    "on_busy": "reject",
    "content_template": None,
    "mask": [],
    "tools": [],
    "tool_choice": None,
    "response_format": None,
}


def test_smallest_interaction_has_every_field_with_its_default(api: client) -> None:
    created = api.request("POST", PATH, {})
    body = created.expect(201)
    assert set(body) == {
        "interaction_id", "user_id", "title", "created_at", "updated_at", "last_message_at", "settings",
        "metadata", "pinned", "archived", "expires_at", "message_count", "active_branch", "version",
    }  # fmt: skip
    assert body["settings"] == DEFAULTS
    assert (body["title"], body["metadata"], body["pinned"], body["archived"]) == ("", {}, False, False)
    assert (body["message_count"], body["version"], body["expires_at"]) == (0, 1, None)
    assert body["created_at"] == body["updated_at"] == body["last_message_at"]
    assert uuid.UUID(body["interaction_id"]).version == 7
    assert created.headers["location"] == f"{PATH}/{body['interaction_id']}"
    assert created.headers["etag"] == '"1"'
    assert body["user_id"] == api.get(f"{API}/users/me").expect(200)["user_id"]


def test_everything_that_is_set_is_kept(api: client) -> None:
    settings = {
        "model_name": "scripted",
        "role": "developer",
        "prompt": "Sei kurz. 简短 🙂",
        "temperature": 0.5,
        "top_p": 0.25,
        "max_output_tokens": 131072,
        "stop": ["\n\n", "END"],
        "seed": 4294967295,
        "on_busy": "queue",
        "content_template": "{{content}} — {{date}}",
        "mask": ["email", "card"],
        "tools": [{"name": "look-up_1", "description": "Ищет.", "parameters": {"type": "object"}}],
        "tool_choice": "look-up_1",
        "response_format": {"type": "json_schema", "name": "n", "schema": {"type": ["string", "null"]}},
    }
    sent = {
        "title": "T\u0000itle",
        "settings": settings,
        "metadata": {"a": "", "ключ": "v"},
        "pinned": True,
        "archived": True,
    }
    created = api.create_interaction(**sent)
    for key, value in sent.items():
        assert created[key] == value
    assert api.interaction(created["interaction_id"]) == created


def test_null_settings_are_the_defaults(api: client) -> None:
    assert api.create_interaction(settings=dict.fromkeys(DEFAULTS))["settings"] == DEFAULTS


def test_longest_values_are_taken(api: client) -> None:
    wide = "🙂"
    sent: dict[str, Any] = {
        "title": wide * 200,
        "settings": {"prompt": wide * 32768, "stop": [wide * 128] * 8, "model_name": wide * 200},
        "metadata": {f"{i:064}": wide * 2048 for i in range(64)},
    }
    created = api.create_interaction(**sent)
    assert created["title"] == sent["title"]
    assert created["settings"]["prompt"] == sent["settings"]["prompt"]
    assert created["metadata"] == sent["metadata"]


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"title": "x" * 201}, "invalid_title", "title"),
        ({"title": None}, "invalid_type", "title"),
        ({"title": 7}, "invalid_type", "title"),
        ({"pinned": "yes"}, "invalid_type", "pinned"),
        ({"archived": 1}, "invalid_type", "archived"),
        ({"metadata": {"": "v"}}, "invalid_metadata", "metadata"),
        ({"metadata": {"k" * 65: "v"}}, "invalid_metadata", None),
        ({"metadata": {"k": "v" * 2049}}, "invalid_metadata", None),
        ({"metadata": {str(i): "" for i in range(65)}}, "invalid_metadata", "metadata"),
        ({"metadata": {"k": 1}}, "invalid_type", "metadata"),
        ({"metadata": []}, "invalid_type", "metadata"),
        ({"settings": []}, "invalid_type", "settings"),
        ({"settings": None}, "invalid_type", "settings"),
        ({"settings": {"temperature": 2.01}}, "invalid_settings", "settings.temperature"),
        ({"settings": {"temperature": -0.01}}, "invalid_settings", "settings.temperature"),
        ({"settings": {"temperature": "1"}}, "invalid_type", "settings.temperature"),
        ({"settings": {"top_p": 0}}, "invalid_settings", "settings.top_p"),
        ({"settings": {"top_p": 1.01}}, "invalid_settings", "settings.top_p"),
        ({"settings": {"max_output_tokens": 0}}, "invalid_settings", "settings.max_output_tokens"),
        ({"settings": {"max_output_tokens": 131073}}, "invalid_settings", "settings.max_output_tokens"),
        ({"settings": {"max_output_tokens": 1.5}}, "invalid_type", "settings.max_output_tokens"),
        ({"settings": {"on_busy": "wait"}}, "invalid_settings", "settings.on_busy"),
        ({"settings": {"on_busy": 1}}, "invalid_type", "settings.on_busy"),
        ({"settings": {"content_template": "{content}"}}, "invalid_settings", "settings.content_template"),
        ({"settings": {"content_template": ""}}, "invalid_settings", "settings.content_template"),
        (
            {"settings": {"content_template": "{{content}}" + "x" * 32758}},
            "invalid_settings",
            "settings.content_template",
        ),
        ({"settings": {"mask": ["fax"]}}, "invalid_settings", "settings.mask"),
        ({"settings": {"mask": "email"}}, "invalid_type", "settings.mask"),
        ({"settings": {"mask": [None]}}, "invalid_type", "settings.mask"),
        ({"settings": {"seed": -1}}, "invalid_settings", "settings.seed"),
        ({"settings": {"seed": 4294967296}}, "invalid_settings", "settings.seed"),
        ({"settings": {"stop": [""]}}, "invalid_settings", "settings.stop"),
        ({"settings": {"stop": ["x" * 129]}}, "invalid_settings", "settings.stop"),
        ({"settings": {"stop": ["x"] * 9}}, "invalid_settings", "settings.stop"),
        ({"settings": {"stop": "x"}}, "invalid_type", "settings.stop"),
        ({"settings": {"prompt": "x" * 32769}}, "invalid_settings", "settings.prompt"),
        ({"settings": {"model_name": ""}}, "invalid_settings", "settings.model_name"),
        ({"settings": {"model_name": "x" * 201}}, "invalid_settings", "settings.model_name"),
        ({"settings": {"role": "assistant"}}, "invalid_settings", "settings.role"),
        ({"settings": {"colour": "red"}}, "unknown_field", "settings.colour"),
        ({"colour": "red"}, "unknown_field", "colour"),
        ([], "invalid_type", None),
        ("text", "invalid_type", None),
        (7, "invalid_type", None),
    ],
)  # fmt: skip
def test_wrong_fields_are_refused_by_name(api: client, body: Any, code: str, param: str | None) -> None:
    api.request("POST", PATH, body).expect_error(422, code, param)
    interaction = api.create_interaction(title="before")
    path = f"{PATH}/{interaction['interaction_id']}"
    api.request("PATCH", path, body).expect_error(422, code, param)
    assert api.get(path).expect(200) == interaction


def test_whole_numbers_may_be_written_with_a_point(api: client) -> None:
    content = b'{"settings":{"max_output_tokens":16.0,"seed":1e3,"temperature":1,"top_p":1}}'
    settings = api.request("POST", PATH, content=content).expect(201)["settings"]
    assert (settings["max_output_tokens"], settings["seed"]) == (16, 1000)


def test_patch_changes_what_it_names_and_raises_the_version(api: client) -> None:
    before = api.create_interaction(title="a", metadata={"k": "v"}, settings={"prompt": "p", "seed": 1})
    path = f"{PATH}/{before['interaction_id']}"
    changed = api.request("PATCH", path, {"title": "b", "pinned": True})
    after = changed.expect(200)
    assert after == {
        **before, "title": "b", "pinned": True, "version": 2, "updated_at": after["updated_at"],
    }  # fmt: skip
    assert after["updated_at"] >= before["updated_at"]
    assert changed.headers["etag"] == '"2"'
    assert api.get(path).headers["etag"] == '"2"'


def test_patch_merges_settings_and_replaces_metadata(api: client) -> None:
    before = api.create_interaction(
        metadata={"k": "v", "l": "w"}, settings={"prompt": "p", "seed": 1, "stop": ["x"]}
    )
    path = f"{PATH}/{before['interaction_id']}"
    body = {"settings": {"prompt": None, "stop": None, "temperature": 0}, "metadata": {"m": "n"}}
    after = api.request("PATCH", path, body).expect(200)
    assert after["settings"] == {**DEFAULTS, "seed": 1, "temperature": 0}
    assert after["metadata"] == {"m": "n"}


def test_empty_patch_changes_nothing(api: client) -> None:
    before = api.create_interaction(title="a")
    path = f"{PATH}/{before['interaction_id']}"
    assert api.request("PATCH", path, {}).expect(200) == before
    assert api.request("PATCH", path, {"settings": {}}).expect(200)["settings"] == before["settings"]


@pytest.mark.parametrize("if_match", ['"1"', "*", '"7", "1"', '"1","9"'])
def test_if_match_with_the_current_version_lets_the_change_through(api: client, if_match: str) -> None:
    path = f"{PATH}/{api.create_interaction()['interaction_id']}"
    changed = api.request("PATCH", path, {"title": "b"}, headers={"If-Match": if_match}).expect(200)
    assert changed["title"] == "b"
    assert api.request("DELETE", path, headers={"If-Match": '"2"'}).status == 204


def test_if_match_may_stand_on_several_lines(api: client) -> None:
    path = f"{PATH}/{api.create_interaction()['interaction_id']}"
    headers = [("If-Match", '"7"'), ("If-Match", '"1"')]
    api.request("PATCH", path, {"title": "b"}, headers=headers).expect(200)
    api.request("PATCH", path, {"title": "c"}, headers=headers).expect_error(412, "version_mismatch")


@pytest.mark.parametrize("if_match", ['"2"', 'W/"1"', "1", '"x"', '"18446744073709551617"', "", '"01"'])
def test_if_match_with_another_version_refuses(api: client, if_match: str) -> None:
    before = api.create_interaction(title="a")
    path = f"{PATH}/{before['interaction_id']}"
    headers = {"If-Match": if_match}
    api.request("PATCH", path, {"title": "b"}, headers=headers).expect_error(412, "version_mismatch")
    api.request("DELETE", path, headers=headers).expect_error(412, "version_mismatch")
    assert api.get(path).expect(200) == before


def test_deleted_is_gone_with_its_messages(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    message = api.note(interaction_id, "hello")
    path = f"{PATH}/{interaction_id}"
    gone = api.request("DELETE", path)
    assert (gone.status, gone.text) == (204, "")
    for method, below in [
        ("GET", ""), ("DELETE", ""), ("GET", "/messages"), ("GET", f"/messages/{message['message_id']}"),
        ("GET", f"/messages/{message['message_id']}/events"),
        ("POST", f"/messages/{message['message_id']}/stop"),
    ]:  # fmt: skip
        api.request(method, path + below).expect_error(404, "interaction_not_found")
    api.request("PATCH", path, {"title": "x"}).expect_error(404, "interaction_not_found")
    api.send(interaction_id, "x").expect_error(404, "interaction_not_found")


@pytest.mark.parametrize(
    "unknown",
    [str(uuid.uuid4()), "x", "0", "not%20an%20id", "%F0%9F%99%82", "0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a1"],
)
def test_unknown_and_impossible_ids_are_the_same_404(api: client, unknown: str) -> None:
    path = f"{PATH}/{unknown}"
    api.get(path).expect_error(404, "interaction_not_found")
    api.request("PATCH", path, {"title": "x"}).expect_error(404, "interaction_not_found")
    api.request("DELETE", path).expect_error(404, "interaction_not_found")
    api.get(f"{path}/messages").expect_error(404, "interaction_not_found")
    api.request("POST", f"{path}/messages", {"content": "x"}).expect_error(404, "interaction_not_found")


def test_message_list_is_the_newest_page_in_ascending_order(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    for number in range(23):
        api.note(interaction_id, str(number))
    path = f"{PATH}/{interaction_id}"
    assert "message_list" not in api.get(path).expect(200)
    page = api.get(path, include="message_list").expect(200)["message_list"]
    assert [m["content"] for m in page["data"]] == [str(n) for n in range(3, 23)]
    assert (page["has_more"], page["next_cursor"]) == (False, None)
    older = api.get(f"{path}/messages", cursor=page["prev_cursor"]).expect(200)
    assert [m["content"] for m in older["data"]] == ["0", "1", "2"]
    api.get(path, include="everything").expect_error(422, "invalid_parameter", "include")


def test_counts_and_times_follow_the_messages(api: client) -> None:
    before = api.create_interaction()
    interaction_id = before["interaction_id"]
    message = api.note(interaction_id, "a")
    api.say(interaction_id, "b")
    after = api.interaction(interaction_id)
    assert after["message_count"] == 3
    assert after["last_message_at"] >= message["created_at"]
    assert after["version"] == before["version"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2100-01-31T09:30:00Z", "2100-01-31T09:30:00.000Z"),
        ("2100-01-31t09:30:00.1259+02:00", "2100-01-31T07:30:00.125Z"),
        ("2100-12-31T23:59:60z", "2101-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999-12:00", "9999-12-31T23:59:59.999Z"),
        (None, None),
    ],
)
def test_when_it_expires_is_kept(api: client, sent: str | None, kept: str | None) -> None:
    created = api.create_interaction(expires_at=sent)
    assert created["expires_at"] == kept
    assert api.interaction(created["interaction_id"]) == created
    never = api.request("PATCH", f"{PATH}/{created['interaction_id']}", {"expires_at": None}).expect(200)
    assert never["expires_at"] is None
    again = api.request("PATCH", f"{PATH}/{created['interaction_id']}", {"expires_at": sent}).expect(200)
    assert again["expires_at"] == kept
    assert again["version"] == (3 if sent else 1)


@pytest.mark.parametrize(
    "wrong", ["", "tomorrow", "2100-02-30T00:00:00Z", "2100-01-01", "2100-01-01T00:00:00"]
)
def test_a_time_that_is_none(api: client, wrong: str) -> None:
    api.request("POST", PATH, {"expires_at": wrong}).expect_error(422, "invalid_timestamp", "expires_at")
    path = f"{PATH}/{api.create_interaction()['interaction_id']}"
    api.request("PATCH", path, {"expires_at": wrong}).expect_error(422, "invalid_timestamp", "expires_at")
    api.request("PATCH", path, {"expires_at": 7}).expect_error(422, "invalid_type", "expires_at")


def test_what_has_expired_is_like_deleted(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    path = f"{PATH}/{interaction_id}"
    message_id = api.note(interaction_id, "Hello")["message_id"]
    api.get(path).expect(200)
    expired = api.request("PATCH", path, {"expires_at": "2020-01-01T00:00:00Z"}).expect(200)
    assert expired["expires_at"] == "2020-01-01T00:00:00.000Z"
    for answer in (
        api.get(path),
        api.get(path, include="message_list"),
        api.get(messages_path(interaction_id)),
        api.get(messages_path(interaction_id, message_id)),
        api.send(interaction_id, "Are you there?"),
        api.send(interaction_id, "Are you there?", respond=False),
        api.request("PATCH", path, {"expires_at": None}),
        api.request("DELETE", path),
    ):
        answer.expect_error(404, "interaction_not_found")
    made = api.create_interaction(expires_at="2020-01-01T00:00:00Z")
    api.get(f"{PATH}/{made['interaction_id']}").expect_error(404, "interaction_not_found")
    listed = {one["interaction_id"] for one in api.get(PATH, limit=100).expect(200)["data"]}
    assert not listed & {interaction_id, made["interaction_id"]}


def test_a_reply_in_an_interaction_that_expires_is_stopped(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    body = {"content": script(["for ", "ever"], wait_for_stop=True), "stream": True}
    with api.stream("POST", messages_path(interaction_id), body) as reply:
        reply.next()
        with client(api.base_url) as other:
            other.request("PATCH", f"{PATH}/{interaction_id}", {"expires_at": "2020-01-01T00:00:00Z"}).expect(
                200
            )
        assert reply.rest()[-1].name == "message.stopped"
