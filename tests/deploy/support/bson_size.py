"""How many bytes a document takes as BSON (bsonspec.org, version 1.1), of MongoDB's extended JSON."""

from typing import Any

FIXED = {"$numberLong": 8, "$date": 8, "$numberDouble": 8, "$numberInt": 4, "$uuid": 4 + 1 + 16, "$oid": 12}


def of_value(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1
    if isinstance(value, str):
        return 4 + len(value.encode()) + 1
    if isinstance(value, list):
        return of_document({str(place): one for place, one in enumerate(value)})
    assert isinstance(value, dict), f"{value!r}: numbers as {{$numberLong}} or {{$numberDouble}}"
    key = next(iter(value), "")
    return FIXED[key] if len(value) == 1 and key.startswith("$") else of_document(value)


def of_document(document: dict[str, Any]) -> int:
    """Its length, each member with its type and its name, and the end."""
    return 4 + sum(1 + len(key.encode()) + 1 + of_value(value) for key, value in document.items()) + 1
