"""The user's own stream while there are turns: messages known by events alone are those that are stored."""

from typing import Any

import pytest

from .conftest import start_server
from .support.client import client, messages_path, script
from .support.events import event
from .test_user_events import follower

FINAL = ("complete", "stopped", "interrupted", "failed")


class turn_follower(follower):
    """Knows messages, too, and what they change in their interactions."""

    def __init__(self, base_url: str, last_event_id: str | None = None) -> None:
        super().__init__(base_url, last_event_id)
        self.messages: dict[str, dict[str, Any]] = {}

    def next(self) -> event:
        one = super().next()
        if one.name == "reset":
            self.messages = all_messages(self.api, list(self.interactions))
        elif one.name == "interaction.deleted":
            gone = one.data["interaction_id"]
            self.messages = {
                key: message for key, message in self.messages.items() if message["interaction_id"] != gone
            }
        elif one.name.startswith(("message.", "reply.")):
            self._take(one.data["reply"] if one.name == "reply.waiting" else one.data)
        return one

    def _take(self, message: dict[str, Any]) -> None:
        interaction = self.interactions.get(message["interaction_id"])
        if interaction is None:
            return  # deleted meanwhile
        known = self.messages.get(message["message_id"])
        if known is None:
            self.interactions[message["interaction_id"]] = {
                **interaction,
                "message_count": interaction["message_count"] + 1,
                "last_message_at": max(interaction["last_message_at"], message["created_at"]),
                "active_branch": message["branch_id"],
            }
        if known is None or known["status"] not in FINAL:
            self.messages[message["message_id"]] = message

    def read_until_over(self, message_id: str) -> event:
        while (one := self.next()).name != "reply.ended" or one.data["message_id"] != message_id:
            pass
        return one

    def check(self) -> None:
        """What it knows is what is stored."""
        for interaction_id, known in self.interactions.items():
            stored = self.api.interaction(interaction_id)
            assert known | {"updated_at": stored["updated_at"]} == stored
        assert self.messages == all_messages(self.api, list(self.interactions))


def all_messages(api: client, interactions: list[str]) -> dict[str, dict[str, Any]]:
    return {one["message_id"]: one for each in interactions for one in api.messages(each)}


@pytest.fixture
def base_url(new_server: start_server) -> str:
    return new_server().base_url


def test_two_clients_stay_in_step_through_turns(base_url: str) -> None:
    with turn_follower(base_url) as one, turn_follower(base_url) as two:
        one.next()
        two.next()
        first = one.api.create_interaction()["interaction_id"]
        second = two.api.create_interaction()["interaction_id"]
        one.api.note(first, "a note")
        two.api.say(first, script(["Hel", "lo"]))
        failed = two.api.say(second, script(["one "], fail_after=0))
        last = one.api.say(first, script(["again"]))
        for who in (one, two):
            who.read_until_over(last["message_id"])
            who.check()
            assert len(who.messages) == 7
        assert one.messages[failed["message_id"]]["status"] == "failed"
        told = [(seen.name, seen.data.get("message_id")) for seen in one.seen]
        assert told == [(seen.name, seen.data.get("message_id")) for seen in two.seen]


def test_a_reply_is_told_when_it_begins_and_when_it_ends(base_url: str) -> None:
    with turn_follower(base_url) as one, client(base_url) as sending:
        one.next()
        made = one.api.create_interaction()["interaction_id"]
        one.read_until("interaction.created", made)
        body = {"content": script(["x"], wait_for_stop=True), "stream": True}
        with sending.stream("POST", messages_path(made), body) as turn:
            created = turn.next().data
            asked = one.read_until("message.created", made)
            assert asked.data == created["user_message"]
            begun = one.read_until("reply.begun", made)
            assert begun.data["message_id"] == created["reply"]["message_id"]
            assert (begun.data["status"], begun.data["content"]) == ("in_progress", "")
            stop = messages_path(made, begun.data["message_id"], "stop")
            stopped = one.api.request("POST", stop).expect(200)
            assert one.read_until_over(stopped["message_id"]).data == stopped
            assert turn.rest()[-1].data == stopped
        one.check()


def test_who_comes_back_in_mid_reply_hears_of_its_end(base_url: str) -> None:
    with turn_follower(base_url) as one, client(base_url) as sending:
        one.next()
        made = one.api.create_interaction()["interaction_id"]
        body = {"content": script(["x"], wait_for_stop=True), "stream": True}
        with sending.stream("POST", messages_path(made), body) as turn:
            reply = turn.next().data["reply"]
            one.read_until("reply.begun", made)
            one.drop()
            one.api.request("POST", messages_path(made, reply["message_id"], "stop")).expect(200)
            turn.rest()
        one.connect()
        assert one.read_until_over(reply["message_id"]).data["status"] == "stopped"
        one.check()
        assert [seen.name for seen in one.seen].count("reset") == 1
