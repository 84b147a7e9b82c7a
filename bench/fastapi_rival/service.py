"""Two of Parley's routes as a good Python service has them, over the documents that Parley has stored.

FastAPI on uvicorn (uvloop, httptools), PyMongo's own asynchronous client, redis-py with hiredis, orjson. It
is tuned as one would tune it for production: finished JSON in the cache, no model classes between the
database and the answer, one round trip for a page. It leaves out what it is not measured for: writes,
cursors in a request, forks, a limit on a page's bytes, protection against processes that fill the cache in
the wrong order.

Environment: RIVAL_MONGODB_URI, RIVAL_DATABASE, RIVAL_REDIS_URI.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from bson.binary import Binary
from fastapi import FastAPI, HTTPException, Query, Response
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from .documents import id_text, interaction_json, message_json

LIFETIME = 5  # seconds in the cache, as Parley's cache.ttl
REMOVED = 2  # `work` of an interaction that is being deleted

# What a page needs to know of its interaction.
OF_INTERACTION = {"work": 1, "root": 1, "last_seq": 1, "turn.adds": 1}


class backends:
    """The connections of the process, and the user that it has without authentication."""

    def __init__(self) -> None:
        self.mongo: Any = AsyncMongoClient(os.environ["RIVAL_MONGODB_URI"])
        database = self.mongo[os.environ["RIVAL_DATABASE"]]
        self.interactions = database["interactions"]
        self.process = database["parley"]
        self.cache: Any = Redis.from_url(os.environ["RIVAL_REDIS_URI"])
        self.user: Any
        self.user_text: str

    async def open(self) -> None:
        self.user = (await self.process.find_one({"_id": "local_user"}))["user"]
        self.user_text = id_text(self.user)

    async def close(self) -> None:
        await self.mongo.close()
        await self.cache.aclose()


at: backends


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    global at
    at = backends()
    await at.open()
    yield
    await at.close()


def json_response(body: bytes) -> Any:
    return Response(body, media_type="application/json")


def not_found() -> Any:
    return HTTPException(404, "There is no such interaction.")


async def get_interaction(interaction_id: UUID) -> Any:
    key = f"rival:{at.user_text}:interaction:{interaction_id}"
    kept = await at.cache.get(key)
    if kept is not None:
        return json_response(kept)
    found = await at.interactions.find_one({"_id": Binary.from_uuid(interaction_id), "user": at.user})
    if found is None or found["work"] == REMOVED:
        raise not_found()
    body = orjson.dumps(interaction_json(found))
    await at.cache.set(key, body, ex=LIFETIME)
    return json_response(body)


async def list_messages(
    interaction_id: UUID,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Literal["asc", "desc"] = "desc",
) -> Any:
    way = 1 if order == "asc" else -1
    wanted = Binary.from_uuid(interaction_id)
    page = [
        {"$match": {"interaction": wanted}},
        {"$sort": {"seq": way}},
        {"$limit": limit + 1},
    ]
    joined = await at.interactions.aggregate(
        [
            {"$match": {"_id": wanted, "user": at.user}},
            {"$project": OF_INTERACTION},
            {"$lookup": {"from": "messages", "let": {}, "pipeline": page, "as": "page"}},
        ]
    )
    found = await joined.to_list(1)
    if not found or found[0]["work"] == REMOVED:
        raise not_found()
    one = found[0]
    last = one["last_seq"] + one.get("turn", {}).get("adds", 0)
    shown = [message for message in one["page"] if message["seq"] <= last]
    more = len(shown) > limit
    items = [message_json(message) for message in shown[:limit]]
    cursor = f"{order[0]}n{items[-1]['seq']}.{id_text(one['root'])}" if more else None
    return json_response(
        orjson.dumps({"data": items, "has_more": more, "next_cursor": cursor, "prev_cursor": None})
    )


app = FastAPI(lifespan=lifespan, openapi_url=None)
app.add_api_route("/api/v1/interactions/{interaction_id}", get_interaction)
app.add_api_route("/api/v1/interactions/{interaction_id}/messages", list_messages)
