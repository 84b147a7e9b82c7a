"""As much of BSON (bsonspec.org, version 1.1) as commands and replies are made of.

A number keeps its type by the classes below; what has no like in Python stays as `raw`.
"""

import struct
from dataclasses import dataclass
from typing import Any

document = dict[str, Any]

SIZES = {0x07: 12, 0x09: 8, 0x11: 8, 0x12: 8, 0x13: 16, 0xFF: 0, 0x7F: 0}  # of what stays raw


class int64(int):
    """An int is written as int32, this as int64."""


@dataclass(frozen=True)
class raw:
    kind: int
    data: bytes


def decode(data: bytes) -> document:
    found, end = _document(data, 0)
    assert end == len(data), "bytes behind the document"
    return found


def encode(value: document) -> bytes:
    body = b"".join(_member(name, one) for name, one in value.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def text_at(data: bytes, at: int) -> tuple[str, int]:
    """A text that ends with a zero, and where the next thing begins."""
    end = data.index(b"\0", at)
    return data[at:end].decode(), end + 1


def _document(data: bytes, at: int) -> tuple[document, int]:
    end = at + int(struct.unpack_from("<i", data, at)[0])
    at += 4
    found: document = {}
    while data[at]:
        kind = data[at]
        name, at = text_at(data, at + 1)
        found[name], at = _value(kind, data, at)
    assert at + 1 == end, "a document of another length than it says"
    return found, end


def _value(kind: int, data: bytes, at: int) -> tuple[Any, int]:
    match kind:
        case 0x01:
            return struct.unpack_from("<d", data, at)[0], at + 8
        case 0x02:
            end = at + 4 + int(struct.unpack_from("<i", data, at)[0])
            return data[at + 4 : end - 1].decode(), end
        case 0x03:
            return _document(data, at)
        case 0x04:
            members, end = _document(data, at)
            return list(members.values()), end
        case 0x05 if data[at + 4] == 0:
            end = at + 5 + int(struct.unpack_from("<i", data, at)[0])
            return data[at + 5 : end], end
        case 0x05:
            end = at + 5 + int(struct.unpack_from("<i", data, at)[0])
            return raw(kind, data[at:end]), end
        case 0x08:
            return data[at] == 1, at + 1
        case 0x0A:
            return None, at
        case 0x10:
            return struct.unpack_from("<i", data, at)[0], at + 4
        case 0x12:
            return int64(struct.unpack_from("<q", data, at)[0]), at + 8
    end = at + SIZES[kind]
    return raw(kind, data[at:end]), end


def _member(name: str, value: Any) -> bytes:
    kind, data = _of(value)
    return bytes([kind]) + name.encode() + b"\0" + data


def _of(value: Any) -> tuple[int, bytes]:
    match value:
        case None:
            return 0x0A, b""
        case bool():
            return 0x08, bytes([value])
        case int64():
            return 0x12, struct.pack("<q", value)
        case int():
            return 0x10, struct.pack("<i", value)
        case float():
            return 0x01, struct.pack("<d", value)
        case str():
            text = value.encode() + b"\0"
            return 0x02, struct.pack("<i", len(text)) + text
        case bytes():
            return 0x05, struct.pack("<i", len(value)) + b"\0" + value
        case list():
            return 0x04, encode({str(place): one for place, one in enumerate(value)})
        case dict():
            return 0x03, encode(value)
        case raw():
            return value.kind, value.data
    raise TypeError(f"{value!r} is not known here")
