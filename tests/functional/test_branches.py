"""Regenerating and editing fork branches; nothing is overwritten."""

import uuid
from typing import Any

from .support.client import API, client, messages_path, script
from .support.events import check_turn


def contents(messages: list[dict[str, Any]]) -> list[str]:
    return [m["content"] if not m["content"].startswith("script:") else "…" for m in messages]


def listed(api: client, talk: str, branch: str) -> list[dict[str, Any]]:
    page = api.get(messages_path(talk), order="asc", limit=100, branch=branch).expect(200)
    data: list[dict[str, Any]] = page["data"]
    return data


def regenerate(api: client, talk: str, message_id: str, **fields: Any) -> dict[str, Any]:
    sent = api.request("POST", messages_path(talk, message_id, "regenerate"), fields or None).expect(201)
    reply: dict[str, Any] = sent["reply"]
    return reply


def test_a_regenerated_reply_stands_beside_the_first(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, "Hello")
    assert first["sibling"] == {"index": 0, "count": 1}
    second = regenerate(api, talk, first["message_id"])
    assert second["parent_id"] == first["parent_id"]
    assert second["content"] == first["content"]
    assert second["branch_id"] != first["branch_id"]
    assert second["sibling"] == {"index": 1, "count": 2}
    again = api.get(messages_path(talk, first["message_id"])).expect(200)
    assert again["sibling"] == {"index": 0, "count": 2}
    assert again == {**first, "sibling": again["sibling"]}
    assert [m["message_id"] for m in api.messages(talk)] == [first["parent_id"], second["message_id"]]
    assert api.interaction(talk)["active_branch"] == second["branch_id"]
    old = listed(api, talk, first["branch_id"])
    assert [m["message_id"] for m in old] == [first["parent_id"], first["message_id"]]
    assert len(listed(api, talk, "all")) == 3


def test_a_regeneration_may_have_its_own_settings(api: client) -> None:
    talk = api.create_interaction(settings={"prompt": "A"})["interaction_id"]
    first = api.say(talk, "x")
    other = regenerate(api, talk, first["message_id"], settings={"prompt": "B"})
    assert (first["content"], other["content"]) == ("[system] A | [user] x", "[system] B | [user] x")
    assert api.interaction(talk)["settings"]["prompt"] == "A"
    bad = api.request(
        "POST", messages_path(talk, first["message_id"], "regenerate"), {"settings": {"temperature": 9}}
    )
    bad.expect_error(422, "invalid_settings", "settings.temperature")


def test_a_regeneration_reads_only_its_own_branch(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, script(["one"]))
    api.say(talk, script(["two"]))
    regenerate(api, talk, first["message_id"])
    reply = api.say(talk, "x")
    assert reply["content"].endswith("[assistant] one | [user] x")
    assert "two" not in reply["content"]


def test_an_edited_message_begins_a_branch(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, "one")
    second = api.say(talk, "two")
    edited = api.say(talk, "two, better", parent_id=first["message_id"])
    user = api.get(messages_path(talk, edited["parent_id"])).expect(200)
    assert user["parent_id"] == first["message_id"]
    assert user["sibling"] == {"index": 1, "count": 2}
    assert api.get(messages_path(talk, second["parent_id"])).expect(200)["sibling"] == {
        "index": 0,
        "count": 2,
    }
    assert [m["content"] for m in api.messages(talk)][2] == "two, better"
    assert "two, better" in edited["content"]
    assert "| [user] two |" not in edited["content"]


def test_the_first_message_can_be_edited(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    api.say(talk, "one")
    edited = api.say(talk, "ONE", parent_id=None)
    assert edited["content"] == "[user] ONE"
    shown = api.messages(talk)
    assert [m["content"] for m in shown] == ["ONE", "[user] ONE"]
    assert shown[0]["parent_id"] is None
    assert shown[0]["sibling"] == {"index": 1, "count": 2}


def test_behind_the_end_of_a_branch_it_goes_on(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, script(["one"]))
    second = regenerate(api, talk, first["message_id"])
    back = api.say(talk, script(["three"]), parent_id=first["message_id"])
    assert back["branch_id"] == first["branch_id"]
    assert api.interaction(talk)["active_branch"] == first["branch_id"]
    again = api.say(talk, script(["four"]), parent_id=second["message_id"])
    assert again["branch_id"] == second["branch_id"]
    assert contents(api.messages(talk)) == ["…", "one", "…", "four"]


def test_the_active_branch_can_be_chosen(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    path = f"{API}/interactions/{talk}"
    first = api.say(talk, script(["one"]))
    regenerate(api, talk, first["message_id"])
    changed = api.request("PATCH", path, {"active_branch": first["branch_id"]}).expect(200)
    assert changed["active_branch"] == first["branch_id"]
    assert api.messages(talk)[-1]["message_id"] == first["message_id"]
    on = api.say(talk, script(["on"]))
    assert on["branch_id"] == first["branch_id"]
    for nothing in (str(uuid.uuid4()), "no branch"):
        refused = api.request("PATCH", path, {"active_branch": nothing})
        refused.expect_error(404, "branch_not_found", "active_branch")


def test_no_switch_while_a_reply_is_written(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, script(["one"]))
    regenerate(api, talk, first["message_id"])
    body = {"content": script(["x"], wait_for_stop=True), "stream": True}
    with api.stream("POST", messages_path(talk), body) as turn:
        running = turn.next().data["reply"]["message_id"]
        with client(api.base_url) as other:
            path = f"{API}/interactions/{talk}"
            refused = other.request("PATCH", path, {"active_branch": first["branch_id"]})
            refused.expect_error(409, "turn_in_progress", running)
            other.request("POST", messages_path(talk, running, "stop")).expect(200)
        turn.rest()
    assert api.request("PATCH", f"{API}/interactions/{talk}", {"active_branch": first["branch_id"]}).expect(
        200
    )


def test_cursors_keep_to_their_branch(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    for text in ("one", "two", "three"):
        api.note(talk, text)
    first_branch = api.interaction(talk)["active_branch"]
    page = api.get(messages_path(talk), limit=1).expect(200)
    edit = api.note(talk, "TWO", parent_id=api.messages(talk)[0]["message_id"])
    older = api.get(messages_path(talk), limit=1, cursor=page["next_cursor"]).expect(200)
    assert contents(older["data"]) == ["two"]
    wrong = api.get(messages_path(talk), cursor=page["next_cursor"], branch=edit["branch_id"])
    wrong.expect_error(404, "cursor_not_found")
    wrong = api.get(messages_path(talk), cursor=page["next_cursor"], branch="all")
    wrong.expect_error(404, "cursor_not_found")
    assert contents(listed(api, talk, first_branch)) == ["one", "two", "three"]
    assert contents(api.messages(talk)) == ["one", "TWO"]
    everything = api.get(messages_path(talk), limit=2, branch="all", order="asc").expect(200)
    more = api.get(messages_path(talk), limit=2, cursor=everything["next_cursor"]).expect(200)
    assert contents(everything["data"] + more["data"]) == ["one", "two", "three", "TWO"]


def test_each_sibling_is_read_by_its_index(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    replies = [api.say(talk, script(["one"]))]
    replies += [regenerate(api, talk, replies[0]["message_id"]) for _ in range(2)]
    api.say(talk, script(["further"]))
    for beside in replies:
        for index, wanted in enumerate(replies):
            path = messages_path(talk, beside["message_id"], f"siblings/{index}")
            found = api.get(path).expect(200)
            assert found == {**wanted, "sibling": {"index": index, "count": 3}}
        # It leads to the branch that shows it.
        assert listed(api, talk, found["branch_id"])[1]["message_id"] == replies[2]["message_id"]
    only = api.get(messages_path(talk, replies[0]["parent_id"], "siblings/0")).expect(200)
    assert only["message_id"] == replies[0]["parent_id"]


def test_what_is_no_index_of_a_sibling_is_not_found(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    reply = api.say(talk, script(["one"]))
    regenerate(api, talk, reply["message_id"])
    no_index = ["2", "-1", "-0", "00", "01", "+1", "1.0", "0x1", "1e0", "%201", "one", "%D9%A1", "9" * 30]
    for text in no_index:
        got = api.get(messages_path(talk, reply["message_id"], f"siblings/{text}"))
        got.expect_error(404, "message_not_found")
    other = api.create_interaction()["interaction_id"]
    for where, message in ((other, reply["message_id"]), (talk, str(uuid.uuid4())), (talk, "nothing")):
        got = api.get(messages_path(where, message, "siblings/0"))
        got.expect_error(404, "message_not_found")
    api.get(messages_path(str(uuid.uuid4()), reply["message_id"], "siblings/0")).expect_error(
        404, "interaction_not_found"
    )
    api.get(messages_path(talk, reply["message_id"], "siblings/0"), x=1).expect_error(
        422, "unknown_parameter"
    )


def test_what_is_not_there(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    other = api.create_interaction()["interaction_id"]
    foreign = api.note(other, "elsewhere")["message_id"]
    for parent in (str(uuid.uuid4()), foreign, "nothing"):
        for respond in (True, False):
            refused = api.send(talk, "x", parent_id=parent, respond=respond)
            refused.expect_error(404, "message_not_found", "parent_id")
    for branch in (str(uuid.uuid4()), "nothing"):
        api.get(messages_path(talk), branch=branch).expect_error(404, "branch_not_found")
    api.request("POST", messages_path(talk, foreign, "regenerate")).expect_error(404, "message_not_found")
    assert api.messages(talk) == []


def test_a_note_gets_its_reply_later(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    note = api.note(talk, "Hello")
    reply = regenerate(api, talk, note["message_id"])
    assert (reply["parent_id"], reply["branch_id"]) == (note["message_id"], note["branch_id"])
    second = regenerate(api, talk, note["message_id"])
    assert second["sibling"] == {"index": 1, "count": 2}


def test_a_regeneration_streams(api: client) -> None:
    talk = api.create_interaction()["interaction_id"]
    first = api.say(talk, script(["a", "b"]))
    path = messages_path(talk, first["message_id"], "regenerate")
    with api.stream("POST", path, {"stream": True}) as events:
        turn = check_turn(events.rest())
    assert (turn.text, turn.reply["sibling"]) == ("ab", {"index": 1, "count": 2})


def test_a_further_reply_to_what_is_too_long_is_refused(api: client) -> None:
    talk = api.create_interaction(settings={"model_name": "small"})["interaction_id"]
    noted = api.note(talk, "word " * 300)
    refused = api.request("POST", messages_path(talk, noted["message_id"], "regenerate"), {})
    refused.expect_error(422, "context_length_exceeded", "content")
    assert len(api.messages(talk)) == 1
