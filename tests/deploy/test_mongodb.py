"""The sample conversations: as the MongoDB store writes them, as large as docs/scaling.md says."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from .support.bson_size import of_document

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/mongodb"
SAMPLE: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "sample.json").read_text(encoding="utf-8"))
ADAPTER = ROOT / "src/adapters/mongo"
SCALING = (ROOT / "docs/scaling.md").read_text(encoding="utf-8")

document = dict[str, Any]


def of_role(role: str) -> list[document]:
    return [one for one in SAMPLE["messages"] if one["role"] == role]


def number(value: document) -> int:
    return int(value["$numberLong"])


def test_ids_are_of_version_7_and_each_is_there_once() -> None:
    ids = [one["_id"]["$uuid"] for name in ("users", "interactions", "messages") for one in SAMPLE[name]]
    assert {UUID(one).version for one in ids} == {7}
    assert len(set(ids)) == len(ids)


def test_everything_belongs_to_the_first_administrator() -> None:
    kept = {one["_id"]: one for one in SAMPLE["parley"]}
    assert set(kept) == {"local_user", "schema"}
    assert [one["_id"] for one in SAMPLE["users"]] == [kept["local_user"]["user"]]
    assert {one["user"]["$uuid"] for one in SAMPLE["interactions"]} == {kept["local_user"]["user"]["$uuid"]}


@pytest.mark.parametrize("place", range(len(SAMPLE["interactions"])))
def test_the_figures_of_an_interaction_are_those_of_its_messages(place: int) -> None:
    one = SAMPLE["interactions"][place]
    messages = [message for message in SAMPLE["messages"] if message["interaction"] == one["_id"]]
    assert [number(message["seq"]) for message in messages] == list(range(1, len(messages) + 1))
    assert [message.get("parent") for message in messages] == [None, *(m["_id"] for m in messages[:-1])]
    assert {message["branch"]["$uuid"] for message in messages} == {one["root"]["$uuid"]}
    assert one["active"] == one["root"]
    assert one["head"] == messages[-1]["_id"]
    assert number(one["last_seq"]) == number(one["count"]) == len(messages)
    assert number(one["epoch"]) == len(messages) // 2
    assert one["last_message"] == messages[-1]["created"]


@pytest.mark.skipif(not ADAPTER.exists(), reason="the MongoDB store is not in this tree")
def test_members_are_those_that_the_store_writes() -> None:
    for name, sources in (
        ("interactions", ["interaction_document.cpp"]),
        ("messages", ["message_document.cpp"]),
    ):
        text = "".join((ADAPTER / source).read_text(encoding="utf-8") for source in sources)
        written = set(re.findall(r'\bput(?:_array)?\(\s*"(\w+)"', text)) | {"head"}
        for one in SAMPLE[name]:
            assert set(one) <= written, name
    schema = (ADAPTER / "schema.hpp").read_text(encoding="utf-8")
    version = re.search(r"schema_version = (\d+);", schema)
    assert version
    assert {"_id": "schema", "version": {"$numberLong": version[1]}} in SAMPLE["parley"]


# -- sizes


def test_the_size_of_a_document_of_the_specification() -> None:
    assert of_document({"hello": "world"}) == 22


def without_text(one: document) -> int:
    return of_document(one) - len(one["content"].encode())


def test_sizes_in_the_documentation_are_true() -> None:
    said = {
        name: int(size) for name, size in re.findall(r"^\| (\w[\w ]*) \| (\d+) B \+ ", SCALING, re.MULTILINE)
    }
    asked = {without_text(one) for one in of_role("user") if "parent" in one}
    replies = {without_text(one) for one in of_role("assistant")}
    interactions = {
        of_document(one) - len(one["title"].encode()) - of_document(one["settings"])
        for one in SAMPLE["interactions"]
    }
    assert len(asked) == len(replies) == len(interactions) == 1
    users = {of_document(one) - len(one["name"]) for one in SAMPLE["users"]}
    assert said == {
        "user message": asked.pop(),
        "reply": replies.pop(),
        "interaction": interactions.pop(),
        "user": users.pop(),
    }


# -- scripts


needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@needs_node
@pytest.mark.parametrize("name", ["init.js", "shard.js"])
def test_scripts_are_javascript(name: str) -> None:
    subprocess.run(["node", "--check", FOLDER / name], check=True)


def initialise(state: Path, changes: int = 1_000_000, **variables: str) -> subprocess.CompletedProcess[str]:
    """init.js against a MongoDB that is only an object; it breaks off before that many changes."""
    secrets = {"MONGODB_ROOT_PASSWORD": "r", "MONGODB_PARLEY_PASSWORD": "p", "MONGODB_SAMPLE_DATA": "yes"}
    command = ["node", str(ROOT / "tests/deploy/support/fake_mongosh.js"), str(state), str(changes)]
    known = {"PATH": os.environ["PATH"], **secrets, **variables}
    return subprocess.run(command, env=known, capture_output=True, text=True, check=False)


def stored(state: Path) -> Any:
    return json.loads(state.read_text(encoding="utf-8"))


@needs_node
def test_an_empty_mongodb_gets_all_that_parley_needs(tmp_path: Path) -> None:
    state = tmp_path / "state"
    done = initialise(state)
    assert done.returncode == 0, done.stderr
    made = stored(state)
    assert made["setName"] == "rs0"
    assert made["users"]["root"]["roles"] == ["root"]
    assert made["users"]["parley"]["roles"] == [{"role": "readWrite", "db": "parley"}]
    assert made["data"] == SAMPLE
    assert initialise(state).returncode == 0
    assert stored(state) == made, "a second run changes nothing"


@needs_node
def test_cut_off_anywhere_it_goes_on_the_next_time(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    initialise(whole)
    cut_off = 0
    while True:
        state = tmp_path / f"after-{cut_off}"
        if initialise(state, cut_off).returncode == 0:
            break
        again = initialise(state)
        assert again.returncode == 0, f"after {cut_off} changes: {again.stderr}"
        assert stored(state) == stored(whole), f"after {cut_off} changes"
        cut_off += 1
    assert cut_off > len(SAMPLE["messages"])


@needs_node
def test_conversations_of_ones_own_are_left_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    own = {"parley": [{"_id": "schema", "version": 1}], "users": [], "interactions": [], "messages": []}
    users = {"root": {"pwd": "r"}, "parley": {"pwd": "old"}}
    state.write_text(json.dumps({"setName": "rs0", "users": users, "data": own}), encoding="utf-8")
    assert initialise(state).returncode == 0
    assert stored(state)["data"] == own
    assert stored(state)["users"]["parley"]["pwd"] == "p", "the password in deploy/.env counts"


@needs_node
def test_without_the_sample_nothing_is_loaded(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert initialise(state, MONGODB_SAMPLE_DATA="no").returncode == 0
    assert not any(stored(state)["data"].values())


@needs_node
def test_a_volume_with_another_password_is_told(tmp_path: Path) -> None:
    state = tmp_path / "state"
    initialise(state)
    other = initialise(state, MONGODB_ROOT_PASSWORD="other")
    assert other.returncode == 1
    assert "another password than deploy/.env" in other.stderr
    assert initialise(state).returncode == 0


def test_shard_keys_are_those_of_the_documentation() -> None:
    script = (FOLDER / "shard.js").read_text(encoding="utf-8")
    keys = dict(re.findall(r'^  (\w+): \{ (\w+): "hashed" \}', script, re.MULTILINE))
    assert keys == dict(re.findall(r"^\| `(\w+)` \| `\{(\w+): hashed\}`", SCALING, re.MULTILINE))
