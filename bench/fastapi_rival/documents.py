"""Parley's documents as the JSON of its API (the members are told in src/adapters/mongo/*_document.hpp)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

PINNED = 1
ARCHIVED = 2


def time_text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds") + "Z"


def id_text(of: bytes) -> str:
    """Of an id as the driver gives it. (Through uuid.UUID a page would cost half as much again.)"""
    text = of.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def attributes(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {pair["k"]: pair["v"] for pair in pairs}


def interaction_json(one: dict[str, Any]) -> dict[str, Any]:
    settings = one["settings"]
    turn = one.get("turn")
    return {
        "interaction_id": id_text(one["_id"]),
        "user_id": id_text(one["user"]),
        "title": one["title"],
        "created_at": time_text(one["created"]),
        "updated_at": time_text(one["updated"]),
        "last_message_at": time_text(one["last_message"]),
        "settings": {
            "model_name": settings.get("model_name"),
            "role": settings["role"],
            "prompt": settings.get("prompt"),
            "temperature": settings.get("temperature"),
            "top_p": settings.get("top_p"),
            "max_output_tokens": settings.get("max_output_tokens"),
            "stop": settings.get("stop", []),
            "seed": settings.get("seed"),
        },
        "metadata": attributes(one["metadata"]),
        "pinned": bool(one["flags"] & PINNED),
        "archived": bool(one["flags"] & ARCHIVED),
        "message_count": one["count"] + (turn["counted"] if turn else 0),
        "active_branch": id_text(one["active"]),
        "version": one["version"],
    }


def usage_json(one: dict[str, Any] | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "input_tokens": one["input"],
        "cached_tokens": one["cached"],
        "output_tokens": one["output"],
        "estimated": one["estimated"],
    }


def timings_json(one: dict[str, Any] | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "queued_ms": one["queued"],
        "time_to_first_token_ms": one.get("first"),
        "duration_ms": one["duration"],
    }


def message_json(one: dict[str, Any]) -> dict[str, Any]:
    get = one.get
    parent = get("parent")
    return {
        "interaction_id": id_text(one["interaction"]),
        "message_id": id_text(one["_id"]),
        "parent_id": id_text(parent) if parent else None,
        "branch_id": id_text(one["branch"]),
        "seq": one["seq"],
        "sibling": {"index": 0, "count": 1},
        "created_at": time_text(one["created"]),
        "role": one["role"],
        "content": one["content"],
        "transformed_content": get("transformed"),
        "metadata": attributes(one["metadata"]),
        "status": one["status"],
        "model_name": get("model"),
        "finish_reason": get("finish"),
        "usage": usage_json(get("usage")),
        "timings": timings_json(get("timings")),
        "error": get("error"),
    }
