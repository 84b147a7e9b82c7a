"""The user's own stream: two clients stay in step, who comes back misses nothing or is told to read again.

There is one user as yet: that no user hears of another is shown by tests/contract and the unit tests.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import httpx
import pytest

from .conftest import start_server
from .support.client import API, client
from .support.events import event, parse_frame, read_events
from .support.waiting import wait_until

EVENTS = f"{API}/events"
PATH = f"{API}/interactions"


class follower:
    """A client that knows interactions by events alone, but for what it reads at a reset."""

    def __init__(self, base_url: str, last_event_id: str | None = None) -> None:
        self.api = client(base_url)
        self.interactions: dict[str, dict[str, Any]] = {}
        self.seen: list[event] = []
        self.last_event_id = last_event_id
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self.api)
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def connect(self) -> None:
        headers = {} if self.last_event_id is None else {"Last-Event-ID": self.last_event_id}
        self._stream = self._open.enter_context(client(self.api.base_url))
        self._events = self._open.enter_context(self._stream.stream("GET", EVENTS, headers=headers))
        assert self._events.status == 200

    def drop(self) -> None:
        """The connection is lost; the state stays."""
        self._open.close()
        self.api = self._open.enter_context(client(self.api.base_url))

    def next(self) -> event:
        """Reads one event and follows it."""
        one = self._events.next()
        check_event(self.api, one)
        self.seen.append(one)
        self.last_event_id = one.id
        if one.name == "reset":
            self.interactions = all_interactions(self.api)
        elif one.name == "interaction.deleted":
            self.interactions.pop(one.data["interaction_id"], None)
        elif one.name.startswith("interaction."):
            known = self.interactions.get(one.data["interaction_id"])
            if known is None or known["version"] <= one.data["version"]:
                self.interactions[one.data["interaction_id"]] = one.data
        return one

    def read_until(self, name: str, interaction_id: str) -> event:
        while (one := self.next()).name != name or one.data["interaction_id"] != interaction_id:
            pass
        return one


def check_event(api: client, one: event) -> None:
    """It is in the contract, and so is its data."""
    schema = api.contract.document["components"]["schemas"]["user_event"]
    text = json.dumps(one.data, separators=(",", ":"))
    api.contract.validator(schema).validate({"id": one.id, "event": one.name, "data": text})
    (kind,) = (
        branch["properties"]
        for branch in schema["oneOf"]
        if one.name in branch["properties"]["event"].get("enum", [branch["properties"]["event"].get("const")])
    )
    if "contentSchema" in kind["data"]:
        api.contract.validator(kind["data"]["contentSchema"]).validate(one.data)


def all_interactions(api: client) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    cursor: dict[str, str] = {}
    while True:
        page = api.get(PATH, limit=100, **cursor).expect(200)
        found |= {one["interaction_id"]: one for one in page["data"]}
        if not page["has_more"]:
            return found
        cursor = {"cursor": page["next_cursor"]}


def patch(api: client, interaction_id: str, **fields: Any) -> dict[str, Any]:
    changed: dict[str, Any] = api.request("PATCH", f"{PATH}/{interaction_id}", fields).expect(200)
    return changed


@pytest.fixture
def base_url(new_server: start_server) -> str:
    return new_server().base_url


@contextmanager
def raw_frames(base_url: str, **headers: str) -> Iterator[Iterator[str]]:
    """Frames as they were sent, comments included."""

    def frames(chunks: Iterator[bytes]) -> Iterator[str]:
        buffer = b""
        for chunk in chunks:
            buffer += chunk
            while (end := buffer.find(b"\n\n")) >= 0:
                yield buffer[:end].decode()
                buffer = buffer[end + 2 :]

    with (
        httpx.Client(base_url=base_url, timeout=30, trust_env=False) as http,
        http.stream("GET", EVENTS, headers=headers) as got,
    ):
        assert got.status_code == 200
        yield frames(got.iter_raw())


def test_the_stream_opens_at_once_with_a_comment_and_a_place(base_url: str) -> None:
    with raw_frames(base_url) as frames:
        assert next(frames).startswith(": ")
        first = parse_frame(next(frames))
    assert (first.name, first.data) == ("reset", {})
    with raw_frames(base_url, **{"Last-Event-ID": first.id}) as frames:
        assert next(frames).startswith(": ")
        with client(base_url) as api:
            made = api.create_interaction()
        assert parse_frame(next(frames)).data == made


def test_a_silent_stream_gets_comments(new_server: start_server) -> None:
    one = new_server({"server": {"keep_alive_interval": "50ms"}})
    with raw_frames(one.base_url) as frames:
        assert [next(frames) for _ in range(5)][2:] == [": keep-alive"] * 3


def test_two_clients_stay_in_step(base_url: str) -> None:
    with follower(base_url) as one, follower(base_url) as two:
        assert one.next().name == two.next().name == "reset"

        first = one.api.create_interaction(title="of one")
        second = two.api.create_interaction(title="of two", metadata={"a": 'b\n"c"'})
        patch(one.api, second["interaction_id"], title="renamed by one", pinned=True)
        patch(two.api, first["interaction_id"], settings={"prompt": "Be brief.", "stop": ["\n"]})
        patch(two.api, first["interaction_id"], archived=True)
        third = one.api.create_interaction()
        one.api.request("DELETE", f"{PATH}/{third['interaction_id']}").expect(204)

        for who in (one, two):
            who.read_until("interaction.deleted", third["interaction_id"])
            assert who.interactions == all_interactions(who.api)
            assert set(who.interactions) == {first["interaction_id"], second["interaction_id"]}
        assert one.seen == two.seen
        assert [seen.name for seen in one.seen] == [
            "reset",
            *["interaction.created"] * 2,
            *["interaction.changed"] * 3,
            "interaction.created",
            "interaction.deleted",
        ]


def test_what_changed_nothing_is_not_told(base_url: str) -> None:
    with follower(base_url) as one:
        one.next()
        made = one.api.create_interaction(title="same")
        path = f"{PATH}/{made['interaction_id']}"
        assert patch(one.api, made["interaction_id"], title="same") == made
        patch(one.api, made["interaction_id"])
        one.api.request("PATCH", path, {"title": "x"}, headers={"If-Match": '"7"'}).expect(412)
        one.api.request("PATCH", path, {"title": "same"}, headers={"If-Match": '"1"'}).expect(200)
        one.api.request("POST", PATH, {"title": 1}).expect(422)
        one.api.request("DELETE", path, headers={"If-Match": '"7"'}).expect(412)
        one.api.request("DELETE", path).expect(204)
        one.api.request("DELETE", path).expect(404)
        last = one.api.create_interaction()
        one.read_until("interaction.created", last["interaction_id"])
        names = [seen.name for seen in one.seen]
        assert names == ["reset", "interaction.created", "interaction.deleted", "interaction.created"]


def test_a_client_that_comes_back_misses_nothing(base_url: str) -> None:
    with follower(base_url) as gone, follower(base_url) as watching:
        gone.next()
        made = watching.api.create_interaction()["interaction_id"]
        gone.read_until("interaction.created", made)
        gone.drop()
        for number in range(50):
            patch(watching.api, made, title=str(number))
        other = watching.api.create_interaction()["interaction_id"]
        gone.connect()
        gone.read_until("interaction.created", other)
        watching.read_until("interaction.created", other)
        assert gone.seen == [gone.seen[0], *watching.seen[1:]]  # each has a reset of its own
        assert [seen.data["title"] for seen in gone.seen[2:-1]] == [str(number) for number in range(50)]
        assert gone.interactions == all_interactions(gone.api)


def test_the_only_client_comes_back_before_its_first_event(base_url: str) -> None:
    with follower(base_url) as one:
        one.next()
        one.drop()
        made = one.api.create_interaction()
        one.connect()
        assert one.next().data == made


def test_after_more_than_is_kept_a_client_reads_again_and_goes_on(base_url: str) -> None:
    with follower(base_url) as gone, follower(base_url) as watching:
        gone.next()
        made = watching.api.create_interaction()["interaction_id"]
        gone.read_until("interaction.created", made)
        gone.drop()
        prompt = "x" * 32000
        for number in range(40):  # more than a MiB
            patch(watching.api, made, title=str(number), settings={"prompt": prompt})
        gone.connect()
        assert gone.next().name == "reset"
        assert gone.interactions == all_interactions(gone.api)
        patch(watching.api, made, title="then")
        gone.read_until("interaction.changed", made)
        assert gone.interactions[made]["title"] == "then"


def test_after_a_restart_a_client_reads_again_and_goes_on(new_server: start_server) -> None:
    one = new_server()
    with follower(one.base_url) as before:
        before.next()
        kept = before.api.create_interaction(title="kept")["interaction_id"]
        before.read_until("interaction.created", kept)
        one.stop()  # the streams end, and with them the server, well
        with pytest.raises(StopIteration):
            before.next()
    one.start()
    with follower(one.base_url, before.last_event_id) as after:
        assert after.next().name == "reset"
        assert set(after.interactions) == {kept}
        patch(after.api, kept, title="then")
        after.read_until("interaction.changed", kept)
        assert after.interactions == all_interactions(after.api)


@pytest.mark.parametrize("foreign", ["", "x", "0", "-1", "end", "9" * 3000, "ä"])
def test_ids_that_are_not_ours_count_as_none(base_url: str, foreign: str) -> None:
    with client(base_url) as api:
        headers = {b"Last-Event-ID": foreign.encode()}
        with api._http.stream("GET", EVENTS, headers=headers) as got:
            assert got.status_code == 200
            assert next(read_events(got.iter_raw())).name == "reset"


def test_the_rest_of_the_route(base_url: str) -> None:
    with client(base_url) as api:
        api.get(EVENTS, x="1").expect_error(422, "unknown_parameter", "x")
        api.request("POST", EVENTS, {}).expect_error(405, "method_not_allowed")
        head = api.request("HEAD", EVENTS)
        assert (head.status, head.headers["content-type"]) == (200, "text/event-stream")
        assert "GET" in api.request("OPTIONS", EVENTS).headers["allow"]


def test_clients_that_go_leave_no_stream_behind(base_url: str) -> None:
    with client(base_url) as api:

        def open_streams() -> str:
            (line,) = (
                line
                for line in api.get("/metrics").text.splitlines()
                if line.startswith("parley_http_event_streams ")
            )
            return line.split()[1]

        with ExitStack() as clients:
            for _ in range(20):
                clients.enter_context(follower(base_url)).next()
            assert open_streams() == "20"
        wait_until(lambda: open_streams() == "0", "all streams are closed")
