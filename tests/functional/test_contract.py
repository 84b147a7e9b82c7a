"""The contract as a document: its examples run, and it says the same as the program's limits."""

import re
from typing import Any

import pytest
import yaml

from .support.client import API, client, script
from .support.server import ROOT

CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "api/openapi.yaml").read_text(encoding="utf-8"))


def request_examples() -> list[Any]:
    found = []
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            if method == "parameters" or "requestBody" not in operation:
                continue
            examples = operation["requestBody"]["content"]["application/json"]["examples"]
            for name, example in examples.items():
                found.append(
                    pytest.param(
                        method.upper(), path, example["value"], id=f"{operation['operationId']}-{name}"
                    )
                )
    return found


@pytest.mark.parametrize(("method", "path", "body"), request_examples())
def test_the_examples_of_requests_run(api: client, method: str, path: str, body: Any) -> None:
    template = path
    interaction_id = api.create_interaction()["interaction_id"]
    if "{message_id}" in path:
        path = path.replace("{message_id}", api.say(interaction_id, script(["x"]))["message_id"])
    path = path.replace("{interaction_id}", interaction_id)
    if "{user_id}" in path:
        path = path.replace("{user_id}", api.request("POST", f"{API}/users", {}).expect(201)["user_id"])
    if body.get("stream"):
        with api.stream(method, path, body) as turn:
            assert turn.rest()[-1].name == "message.completed"
    else:
        documented = CONTRACT["paths"][template][method.lower()]["responses"]
        made = 202 if body.get("background") else 201 if "201" in documented else 200
        api.request(method, path, body).expect(made)


def test_every_operation_documents_what_every_request_may_get() -> None:
    for path, item in CONTRACT["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            where = f"{method} {path}"
            assert {"operationId", "summary", "tags", "responses"} <= set(operation), where
            assert {"400", "403", "405", "408", "413", "431", "500", "503"} <= set(operation["responses"]), (
                where
            )
            for status, response in operation["responses"].items():
                if "$ref" not in response:
                    headers = response.get("headers", {})
                    assert "X-Request-Id" in headers, f"{where} {status}"


def test_requests_are_closed_schemas() -> None:
    schemas = CONTRACT["components"]["schemas"]
    names = [
        "interaction_create",
        "interaction_patch",
        "message_create",
        "user_patch",
        "settings_input",
        "text_part",
        "image_part",
        "tool_input",
        "json_object_format",
        "json_schema_format",
        "managed_user_input",
        "limits_input",
        "key_create",
    ]
    for name in names:
        assert schemas[name]["additionalProperties"] is False, name


def test_the_limits_are_those_of_the_program() -> None:
    source = (ROOT / "src/entities/limits.hpp").read_text(encoding="utf-8")
    limits = {
        name: float(value.replace("'", "")) for name, value in re.findall(r"(\w+) = ([0-9'.]+);", source)
    }
    schemas = CONTRACT["components"]["schemas"]
    settings, text = schemas["settings_input"]["properties"], schemas["text_map"]
    tool = schemas["tool_input"]["properties"]
    content, parts = schemas["message_create"]["properties"]["content"]["oneOf"]
    stated = {
        "title": schemas["interaction_create"]["properties"]["title"]["maxLength"],
        "key_name": schemas["key_create"]["properties"]["name"]["maxLength"],
        "keys_of_user": schemas["key_page"]["properties"]["data"]["maxItems"],
        "usage_limit": schemas["limits_input"]["properties"]["tokens_per_day"]["maximum"],
        "user_name": schemas["user_patch"]["properties"]["name"]["maxLength"],
        "model_name": settings["model_name"]["maxLength"],
        "prompt": settings["prompt"]["maxLength"],
        "content": content["maxLength"],
        "content_parts": parts["maxItems"],
        "image_bytes": schemas["image_part"]["properties"]["image_url"]["properties"]["url"]["maxLength"],
        "tools": settings["tools"]["maxItems"],
        "tool_name": int(tool["name"]["pattern"].split(",")[1].rstrip("}$")),
        "tool_description": tool["description"]["maxLength"],
        "tool_call_id": schemas["message_create"]["properties"]["tool_call_id"]["maxLength"],
        "stop_strings": settings["stop"]["maxItems"],
        "stop_string": settings["stop"]["items"]["maxLength"],
        "max_output_tokens": settings["max_output_tokens"]["maximum"],
        "temperature": settings["temperature"]["maximum"],
        "metadata_keys": text["maxProperties"],
        "metadata_key": text["propertyNames"]["maxLength"],
        "metadata_value": text["additionalProperties"]["maxLength"],
        "idempotency_key": CONTRACT["components"]["parameters"]["idempotency_key"]["schema"]["maxLength"],
        "page": CONTRACT["components"]["parameters"]["limit"]["schema"]["maximum"],
        "default_page": CONTRACT["components"]["parameters"]["limit"]["schema"]["default"],
    }
    described = str(CONTRACT["paths"])
    for name, pattern in (
        ("forks", r"`too_many_branches` \(an interaction\s+has at most ([0-9,]+) besides its first\)"),
        ("waiting_replies", r"`too_many_waiting` \(at most ([0-9,]+) wait in one interaction\)"),
    ):
        found = re.search(pattern, described)
        assert found, name
        stated[name] = int(found[1].replace(",", ""))
    del limits["external_name_bytes"]  # of names that no request has a field for
    # These are told in words, of bytes.
    in_words = {
        "schema": (tool["parameters"]["description"], r"([0-9]+) KiB", 1024),
        "all_tools_bytes": (settings["tools"]["description"], r"([0-9]+) KiB", 1024),
        "reply_bytes": (
            schemas["message"]["properties"]["finish_reason"]["description"],
            r"([0-9]+) MiB",
            1024**2,
        ),
    }
    for name, (words, pattern, unit) in in_words.items():
        found = re.search(pattern, words)
        assert found, name
        stated[name] = int(found[1]) * unit
    assert stated == limits


def test_every_error_code_in_the_sources_of_the_api_is_documented(api: client) -> None:
    """Those only the store's contract knows never reach a client."""
    described = str(api.get("/openapi.json").expect(200))
    # The configuration is refused with invalid_address and invalid_jwks.
    inside = {
        "turn_lost",
        "branch_not_found",
        "interaction_exists",
        "store_in_use",
        "invalid_address",
        "invalid_jwks",
    }
    sources = [*(ROOT / "src/modules").rglob("*.cpp"), *(ROOT / "src/adapters/http").rglob("*.cpp")]
    codes = {
        code
        for source in sources
        if source.name != "listener.cpp"  # speaks at the start only
        for code in re.findall(
            r'(?:fail|invalid)\([^;]*?"([a-z]+_[a-z_]+)"',
            re.sub(r'in\.fail\("[^"]*",', "in.fail(", source.read_text(encoding="utf-8")),  # a parameter
        )
    }
    assert codes - inside, API
    for code in sorted(codes - inside):
        assert f"`{code}`" in described, code
