"""The contract as the server serves it, and the check that an answer keeps to it."""

import json
import re
from typing import Any

import jsonschema_rs


class contract:
    """Holds one openapi.json. Methods fail when an answer is not in it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._paths = [
            (re.compile(re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(template)) + r"\Z"), template)
            for template in document["paths"]
        ]
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def template_of(self, path: str) -> str | None:
        return next((template for pattern, template in self._paths if pattern.match(path)), None)

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        template = self.template_of(path)
        operations = self.document["paths"].get(template, {})
        found: dict[str, Any] | None = operations.get(method.lower())
        return found

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def validator(self, schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]

    def check(self, method: str, path: str, status: int, content_type: str, body: Any) -> None:
        """The status, its media type and its body are in the contract."""
        operation = self.operation(method, path)
        if operation is None:
            assert status in (204, 400, 403, 404, 405, 408, 413, 414, 431, 503), (method, path, status)
            return
        assert str(status) in operation["responses"], f"{method} {path}: undocumented status {status}: {body}"
        content = self.resolve(operation["responses"][str(status)]).get("content", {})
        media_type = content_type.split(";")[0].strip()
        if not content:
            assert not media_type, f"{method} {path} {status}: a body of type {media_type}"
            return
        assert media_type in content, f"{method} {path} {status}: undocumented type {content_type!r}"
        if media_type.endswith("json"):
            self.validator(content[media_type]["schema"]).validate(body)
