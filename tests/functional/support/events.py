"""A strict reader of the server's event streams: what the contract does not promise is an error."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

TERMINAL = {
    "message.completed": "complete",
    "message.stopped": "stopped",
    "message.interrupted": "interrupted",
    "message.failed": "failed",
}


@dataclass(frozen=True)
class event:
    id: str
    name: str
    data: Any


def read_events(chunks: Iterator[bytes]) -> Iterator[event]:
    """Frames as they come. Each is `id`, `event`, `data` in this order, or a comment; lines end with LF.
    Only thoughts have no id."""
    buffer = b""
    for chunk in chunks:
        buffer += chunk
        while (end := buffer.find(b"\n\n")) >= 0:
            frame, buffer = buffer[:end].decode("utf-8"), buffer[end + 2 :]
            if not all(line.startswith(":") for line in frame.split("\n")):
                yield parse_frame(frame)
    assert not buffer, f"the stream ended inside a frame: {buffer!r}"


def parse_frame(frame: str) -> event:
    fields = dict(line.split(": ", 1) for line in frame.split("\n"))
    thought = fields.get("event") == "message.reasoning"
    assert list(fields) == (["event", "data"] if thought else ["id", "event", "data"]), frame
    return event(fields.get("id", ""), fields["event"], json.loads(fields["data"]))


@dataclass(frozen=True)
class turn:
    """A turn read from its events, already checked against the contract."""

    user_message: dict[str, Any]
    reply: dict[str, Any]  # final
    deltas: list[event]
    text: str


def check_turn(events: list[event]) -> turn:
    """The grammar of one whole turn: created, deltas whose ids are lengths in bytes, one terminal event."""
    assert events, "no events"
    first, *deltas, last = events
    assert (first.id, first.name) == ("0", "message.created")
    assert set(first.data) == {"user_message", "reply"}
    assert first.data["reply"]["content"] == ""
    text = check_deltas(deltas, "")
    assert last.id == "end"
    assert last.data["status"] == TERMINAL[last.name]
    assert last.data["content"] == text
    assert last.data["message_id"] == first.data["reply"]["message_id"]
    assert last.data["parent_id"] == first.data["user_message"]["message_id"]
    return turn(first.data["user_message"], last.data, deltas, text)


def check_deltas(deltas: list[event], before: str) -> str:
    """The text after these deltas; each id is the length in bytes after its delta."""
    text = before
    for one in deltas:
        assert one.name == "message.delta"
        assert set(one.data) == {"delta"}
        assert one.data["delta"] != ""
        text += one.data["delta"]
        assert one.id == str(len(text.encode("utf-8")))
    return text
