"""Random sequences of what clients do, crashes included, against a simple reference. A failing seed is
printed; with PARLEY_TEST_SEED=seed the same sequence runs again."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import full, start_server
from .support.client import API, answer, messages_path, script
from .support.mongo import fresh_database, store_over
from .support.reference import conversation, node
from .support.server import PATIENCE, SANITIZED, server
from .support.waiting import wait_until

STEPS = 3000 if full else 60 if SANITIZED else 250
SEED = int(os.environ.get("PARLEY_TEST_SEED", random.randrange(2**32)))


class player:
    """Does something at random, and what must come of it to the reference."""

    def __init__(self, running: server, dice: random.Random) -> None:
        self.running = running
        self.dice = dice
        self.api = running.client()
        self.talks: list[conversation] = []
        self.sent: list[tuple[str, Any, str, Any]] = []  # path, body, key and what was answered
        self.log: list[str] = []

    # -- helpers

    def talk(self) -> conversation:
        if not self.talks or (len(self.talks) < 6 and self.dice.random() < 0.1):
            self.create()
        return self.dice.choice(self.talks)

    def post(self, path: str, body: Any, keep: bool = True) -> answer:
        key = f"key-{self.dice.getrandbits(64):x}"
        got = self.api.request("POST", path, body, headers={"Idempotency-Key": key})
        if keep and got.status == 201:
            self.sent.append((path, body, key, got.body))
        return got

    def place(self, talk: conversation) -> dict[str, Any]:
        """Mostly at the end, sometimes elsewhere."""
        if not talk.nodes or self.dice.random() < 0.6:
            return {}
        above = self.dice.choice([None, *talk.nodes])
        return {"parent_id": above.message_id if above else None}

    def parent_of(self, talk: conversation, place: dict[str, Any]) -> str | None:
        if place:
            parent: str | None = place["parent_id"]
            return parent
        end = talk.end()
        return end.message_id if end else None

    def took(self, talk: conversation, message: dict[str, Any], parent: str | None, status: str) -> None:
        content = message["content"]
        talk.add(node(message["message_id"], parent, message["branch_id"], message["role"], content, status))

    def took_turn(self, talk: conversation, turn: dict[str, Any], parent: str | None) -> None:
        self.took(talk, turn["user_message"], parent, "complete")
        asked = turn["user_message"]["message_id"]
        self.took(talk, turn["reply"], asked, turn["reply"]["status"])

    def ended(self, talk: conversation, message_id: str) -> dict[str, Any]:
        path = messages_path(talk.interaction_id, message_id)

        def over() -> bool:
            return self.api.get(path).expect(200)["status"] not in ("queued", "in_progress")

        wait_until(over, "the reply has ended", PATIENCE)
        found: dict[str, Any] = self.api.get(path).expect(200)
        return found

    # -- what clients do

    def create(self) -> None:
        settings = {"on_busy": self.dice.choice(["reject", "queue", "interrupt"])}
        made = self.post(f"{API}/interactions", {"settings": settings}, keep=False).expect(201)
        self.talks.append(conversation(made["interaction_id"], made["active_branch"], made["active_branch"]))

    def say(self) -> None:
        talk = self.talk()
        place = self.place(talk)
        parent = self.parent_of(talk, place)
        content = script([f"{self.dice.random()}"], repeat=self.dice.randint(0, 3))
        path = messages_path(talk.interaction_id)
        self.took_turn(talk, self.post(path, {"content": content, **place}).expect(201), parent)

    def note(self) -> None:
        talk = self.talk()
        place = self.place(talk)
        parent = self.parent_of(talk, place)
        body = {"content": f"note {self.dice.random()}", "respond": False, **place}
        sent = self.post(messages_path(talk.interaction_id), body).expect(201)
        self.took(talk, sent["user_message"], parent, "complete")

    def regenerate(self) -> None:
        talk = self.talk()
        if not talk.nodes:
            return
        of = self.dice.choice(talk.nodes)
        asked = of if of.role == "user" else talk.find(of.parent or "")
        if "wait_for_stop" in asked.content:
            return
        path = messages_path(talk.interaction_id, of.message_id, "regenerate")
        sent = self.post(path, {}).expect(201)
        assert sent["user_message"]["message_id"] == asked.message_id
        self.took(talk, sent["reply"], asked.message_id, sent["reply"]["status"])

    def stop(self) -> None:
        talk = self.talk()
        end = talk.end()
        body = {"content": script(["x"], wait_for_stop=True), "background": True}
        turn = self.post(messages_path(talk.interaction_id), body).expect(202)
        stop = messages_path(talk.interaction_id, turn["reply"]["message_id"], "stop")
        turn["reply"] = self.api.request("POST", stop).expect(200)
        assert turn["reply"]["status"] == "stopped"
        self.took_turn(talk, turn, end.message_id if end else None)

    def burst(self) -> None:
        """Several sends while a reply is being written."""
        talk = self.talk()
        path = f"{API}/interactions/{talk.interaction_id}"
        policy = self.api.get(path).expect(200)["settings"]["on_busy"]
        end = talk.end()
        parent = end.message_id if end else None
        turns: list[dict[str, Any]] = []
        for number in range(self.dice.randint(2, 4)):
            endless = number == 0
            content = script(["x"], wait_for_stop=True) if endless else script([f"burst {number}"])
            body = {"content": content, "background": True}
            got = self.post(messages_path(talk.interaction_id), body)
            if policy == "reject" and number > 0:
                got.expect_error(409, "turn_in_progress", turns[0]["reply"]["message_id"])
            else:
                turns.append(got.expect(202))
        if policy != "interrupt":
            first = turns[0]["reply"]["message_id"]
            self.api.request("POST", messages_path(talk.interaction_id, first, "stop")).expect(200)
        for turn in turns:
            turn["reply"] = self.ended(talk, turn["reply"]["message_id"])
            self.took_turn(talk, turn, parent)
            parent = turn["reply"]["message_id"]
        assert turns[0]["reply"]["status"] == "stopped"
        if policy == "queue":
            assert [t["reply"]["content"] for t in turns[1:]] == [
                f"burst {n + 1}" for n in range(len(turns) - 1)
            ]

    def switch(self) -> None:
        talk = self.talk()
        branch = self.dice.choice(talk.branches())
        path = f"{API}/interactions/{talk.interaction_id}"
        self.api.request("PATCH", path, {"active_branch": branch}).expect(200)
        talk.active = branch

    def send_again(self) -> None:
        if not self.sent:
            return
        path, body, key, before = self.dice.choice(self.sent)
        again = self.api.request("POST", path, body, headers={"Idempotency-Key": key}).expect(201)
        for message in ("user_message", "reply"):  # siblings may have come since
            if before[message] is not None:
                before[message] = {**before[message], "sibling": again[message]["sibling"]}
        assert again == before

    def delete(self) -> None:
        if len(self.talks) < 3:
            return
        talk = self.talks.pop(self.dice.randrange(len(self.talks)))
        path = f"{API}/interactions/{talk.interaction_id}"
        self.api.request("DELETE", path).expect(204)
        self.api.get(path).expect_error(404, "interaction_not_found")
        self.sent = [one for one in self.sent if talk.interaction_id not in one[0]]

    def restart(self) -> None:
        self.api.close()
        self.running.stop()
        self.running.start()
        self.api = self.running.client()

    def crash(self) -> None:
        talk = self.talk()
        end = talk.end()
        body = {"content": script(["x"], wait_for_stop=True), "background": True}
        turn = self.post(messages_path(talk.interaction_id), body).expect(202)
        self.api.close()
        self.running.kill()
        self.running.start()
        self.api = self.running.client()
        turn["reply"] = self.ended(talk, turn["reply"]["message_id"])
        assert turn["reply"]["status"] == "interrupted"
        self.took_turn(talk, turn, end.message_id if end else None)

    # -- and what is then to be seen

    def check(self, talk: conversation) -> None:
        seen = self.api.interaction(talk.interaction_id)
        assert seen["active_branch"] == talk.active
        assert seen["message_count"] == len(talk.nodes)
        talk.check(self.listed(talk, "active"), talk.path(talk.active))
        branch = self.dice.choice(talk.branches())
        talk.check(self.listed(talk, branch), talk.path(branch))
        talk.check(self.listed(talk, "all"), talk.nodes)

    def listed(self, talk: conversation, branch: str) -> list[dict[str, Any]]:
        """Page by page, in either direction."""
        order = self.dice.choice(["asc", "desc"])
        limit = self.dice.choice([1, 3, 100]) if len(talk.nodes) < 20 else 100
        found: list[dict[str, Any]] = []
        wanted: dict[str, Any] = {"branch": branch, "order": order, "limit": limit}
        while True:
            page = self.api.get(messages_path(talk.interaction_id), **wanted).expect(200)
            found += page["data"]
            if not page["has_more"]:
                return found if order == "asc" else found[::-1]
            wanted = {"cursor": page["next_cursor"], "limit": limit}


def play(running: server, crashes: bool) -> None:
    dice = random.Random(SEED)
    one = player(running, dice)
    often: list[Callable[[], None]] = [one.say] * 6 + [one.note] * 3 + [one.regenerate] * 4
    sometimes = [one.stop, one.burst, one.switch, one.send_again, one.send_again]
    seldom = [one.delete, one.restart, *([one.crash] if crashes else [])]
    for step in range(STEPS):
        kind = dice.choices([often, sometimes, seldom], [70, 28, 2])[0]
        act = dice.choice(kind)
        one.log.append(act.__name__)
        try:
            act()
            if one.talks:
                one.check(dice.choice(one.talks))
        except BaseException:
            print(f"PARLEY_TEST_SEED={SEED}: step {step}, {one.log[-10:]}")
            raise
    for talk in one.talks:
        one.check(talk)
    one.api.close()


@pytest.mark.timeout(3600)
def test_random_turns_on_sqlite(new_server: start_server) -> None:
    play(new_server(), crashes=True)


@pytest.mark.timeout(3600)
def test_random_turns_on_mongodb(new_server: start_server, shared_mongo_uri: str) -> None:
    # A crash is found by others after 10 s: once in a while is enough, test_mongodb has it.
    play(new_server(store_over(shared_mongo_uri, fresh_database())), crashes=False)
