"""Bodies, paths and methods that are wrong. After each the server goes on."""

import json
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client, messages_path

PATH = f"{API}/interactions"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"{",
        b"{}}",
        b"{} {}",
        b"nonsense",
        b"{'title':'x'}",
        b'{"title":"x",}',
        b'{"title":"\xff"}',
        b'{"title":"\xc3\x28"}',
        b'{"title":"\xed\xa0\x80"}',
        b'{"title":"\xf4\x90\x80\x80"}',
        b'{"title":"\xc0\x80"}',
        b'{"title":"\\ud800"}',
        b'{"title":"\\udc00\\ud800"}',
        b'{"title":"\\x"}',
        b'{"title":"line\nbreak"}',
        b'{"title":"a","title":"b"}',
        b'{"settings":{"seed":1,"seed":1}}',
        b'{"title":"a","\\u0074itle":"b"}',
        b'{"pinned":tru}',
        b'{"pinned":NaN}',
        b'{"settings":{"seed":01}}',
        b"\xef\xbb\xbf{}",
        '{"title":"x"}'.encode("utf-16"),
        b'{"metadata":' + b"[" * 40 + b"]" * 40 + b"}",
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_400(api: client, content: bytes) -> None:
    api.request("POST", PATH, content=content).expect_error(400, "malformed_json")
    interaction_id = api.create_interaction(title="before")["interaction_id"]
    api.request("PATCH", f"{PATH}/{interaction_id}", content=content).expect_error(400, "malformed_json")
    api.request("POST", messages_path(interaction_id), content=content).expect_error(400, "malformed_json")
    assert api.interaction(interaction_id)["title"] == "before"


@pytest.mark.parametrize(
    ("setting", "number", "code"),
    [
        ("temperature", "1e999", "invalid_settings"),
        ("temperature", "-1e999", "invalid_settings"),
        ("seed", "18446744073709551616", "invalid_type"),
        ("seed", "1e999", "invalid_type"),
        ("max_output_tokens", "1e30", "invalid_type"),
        ("max_output_tokens", "9" * 400, "invalid_type"),
    ],
)
def test_numbers_beyond_all_bounds_are_refused(api: client, setting: str, number: str, code: str) -> None:
    content = f'{{"settings":{{"{setting}":{number}}}}}'.encode()
    api.request("POST", PATH, content=content).expect_error(422, code, f"settings.{setting}")


def test_deep_but_not_too_deep_is_only_wrong(api: client) -> None:
    content = b'{"metadata":' + b"[" * 31 + b"]" * 31 + b"}"
    api.request("POST", PATH, content=content).expect_error(422, "invalid_type", "metadata")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", "*/*"],
)
def test_other_content_types_are_415(api: client, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    api.request("POST", PATH, content=b"{}", headers=headers).expect_error(415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;"],
)
def test_json_by_any_of_its_spellings(api: client, content_type: str) -> None:
    api.request("POST", PATH, content=b"{}", headers={"Content-Type": content_type}).expect(201)


def test_compressed_bodies_are_415(api: client) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    api.request("POST", PATH, content=b"{}", headers=headers).expect_error(415, "unsupported_media_type")
    api.request("POST", PATH, content=b"{}", headers={**headers, "Content-Encoding": "identity"}).expect(201)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere", "/api", API, f"{API}/", f"{PATH}/", f"{API}/interaction", "/docs/", "/docs/nothing.js",
        f"{PATH}/x/y", f"{PATH}//messages", f"{API}/users/me/you", "/%2e%2e/etc/passwd",
        "/docs/..%2f..%2fetc", "/API/v1/models", f"{API}/models/x",
    ],
)  # fmt: skip
def test_wrong_paths_are_404(api: client, path: str) -> None:
    status = api.request("GET", path)
    assert (status.status, status.code) in [(404, "route_not_found"), (404, "interaction_not_found")], (
        status.text
    )
    assert "allow" not in status.headers


@pytest.mark.parametrize(
    ("path", "allowed", "refused"),
    [
        (PATH, {"GET", "HEAD", "POST", "OPTIONS"}, ["PUT", "DELETE", "PATCH"]),
        (f"{PATH}/x", {"GET", "HEAD", "PATCH", "DELETE", "OPTIONS"}, ["PUT", "POST"]),
        (f"{PATH}/x/messages", {"GET", "HEAD", "POST", "OPTIONS"}, ["PUT", "DELETE", "PATCH"]),
        (f"{PATH}/x/messages/y", {"GET", "HEAD", "OPTIONS"}, ["PUT", "DELETE", "PATCH", "POST"]),
        (f"{PATH}/x/messages/y/stop", {"POST", "OPTIONS"}, ["GET", "HEAD", "PUT"]),
        (f"{API}/users/me", {"GET", "HEAD", "PATCH", "OPTIONS"}, ["PUT", "POST", "DELETE"]),
        ("/healthz", {"GET", "HEAD", "OPTIONS"}, ["POST", "PUT", "QUERY", "TRACE", "PROPFIND"]),
    ],
)
def test_wrong_methods_are_405_and_options_tells(
    api: client, path: str, allowed: set[str], refused: list[str]
) -> None:
    for method in refused:
        answer = api.request(method, path)
        assert answer.status == 405, method
        if method != "HEAD":
            answer.expect_error(405, "method_not_allowed")
        assert set(answer.headers["allow"].split(", ")) == allowed
    options = api.request("OPTIONS", path)
    assert (options.status, options.text) == (204, "")
    assert set(options.headers["allow"].split(", ")) == allowed


def test_the_largest_body_and_one_byte_more(new_server: start_server) -> None:
    server = new_server({"server": {"max_body_size": "4KiB"}})
    with server.client() as api:
        body = json.dumps({"title": "x"}).encode()
        assert api.request("POST", PATH, content=body.ljust(4096)).expect(201)["title"] == "x"
        api.request("POST", PATH, content=body.ljust(4097)).expect_error(413, "payload_too_large")
        api.request("GET", PATH, content=b"{}").expect_error(413, "payload_too_large")
        assert api.request("POST", PATH, content=body).expect(201)["title"] == "x"


def test_the_longest_content_fits_however_it_is_written(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    escaped = b'{"respond":false,"content":"' + b"\\ud83d\\ude42" * 262144 + b'"}'
    sent: Any = api.request("POST", messages_path(interaction_id), content=escaped).expect(201)
    assert sent["user_message"]["content"] == "🙂" * 262144


@pytest.mark.parametrize(
    "query", ["limit=%ff", "limit=%", "limit=%zz", "cursor=%00", "%ff=1", "limit", "=1", "&&"]
)
def test_odd_queries(api: client, query: str) -> None:
    answer = api.request("GET", f"{PATH}?{query}")
    expected: dict[str, tuple[int, str | None]] = {
        "limit=%ff": (400, "malformed_target"),
        "limit=%": (400, "malformed_target"),
        "limit=%zz": (400, "malformed_target"),
        "cursor=%00": (400, "malformed_target"),
        "%ff=1": (400, "malformed_target"),
        "limit": (422, "invalid_parameter"),
        "=1": (422, "unknown_parameter"),
        "&&": (200, None),
    }
    assert (answer.status, answer.code) == expected[query]


def test_other_hosts_and_origins_are_403(api: client) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1"):
        refused = api.request("GET", f"{API}/models", headers={"Host": host})
        refused.expect_error(403, "host_not_allowed")
    for origin in ("http://evil.example", "https://127.0.0.1.evil.example", "null", "file://"):
        refused = api.request("GET", f"{API}/models", headers={"Origin": origin})
        refused.expect_error(403, "origin_not_allowed")
    port = api.base_url.rsplit(":", 1)[1]
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", f"LOCALHOST:{port}"):
        api.request("GET", f"{API}/models", headers={"Host": host}).expect(200)
        api.request("GET", f"{API}/models", headers={"Host": host, "Origin": f"http://{host}"}).expect(200)
