"""HTTP by hand: requests that are long, slow, half, many at once, or broken."""

import contextlib
import json

import pytest

from .conftest import start_server
from .support.client import API, messages_path, script
from .support.raw import raw_answer, raw_connection
from .support.server import SANITIZED, server
from .support.waiting import wait_until

JSON = "Content-Type: application/json\r\n"
POST = "POST /api/v1/interactions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
GET = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SHORT = {"server": {"header_timeout": "1s", "body_timeout": "1s", "idle_timeout": "1s"}}


def post(path: str, body: bytes, *more: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", *more]
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in more):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def problem(answer: raw_answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    return answer.status, json.loads(answer.body)["code"]


def still_serves(one: server) -> None:
    with one.raw() as connection:
        connection.send(GET)
        assert connection.read_answer().status == 200


@pytest.fixture
def wire(shared_server: server) -> raw_connection:
    return shared_server.raw()


def test_a_connection_serves_one_request_after_another(wire: raw_connection) -> None:
    with wire:
        for _ in range(3):
            wire.send(GET)
            assert wire.read_answer().body == b'{"status":"ok"}'


def test_connection_close_is_honoured(wire: raw_connection) -> None:
    with wire:
        wire.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert wire.read_answer().headers["connection"] == "close"
        assert wire.read_end() == b""


def test_http_1_0_closes(wire: raw_connection) -> None:
    with wire:
        wire.send("GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert wire.read_answer().status == 200
        assert wire.read_end() == b""


def test_pipelined_requests_are_answered_in_order(shared_server: server) -> None:
    with shared_server.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
    path = messages_path(interaction_id)
    bodies = [json.dumps({"content": str(number), "respond": False}).encode() for number in range(20)]
    with shared_server.raw() as wire:
        wire.send(b"".join(post(path, body) for body in bodies) + GET.encode())
        answers = [wire.read_answer() for _ in bodies]
        assert [a.status for a in answers] == [201] * 20
        contents = [json.loads(a.body)["user_message"]["content"] for a in answers]
        assert contents == [str(number) for number in range(20)]
        assert wire.read_answer().body == b'{"status":"ok"}'


def test_pipelined_requests_behind_a_stream_are_answered_after_it(shared_server: server) -> None:
    with shared_server.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
    body = json.dumps({"content": script(["one", "two"]), "stream": True}).encode()
    with shared_server.raw() as wire:
        wire.send(post(messages_path(interaction_id), body) + GET.encode())
        head = wire.read_until(b"\r\n\r\n").lower()
        assert b"text/event-stream" in head
        wire.read_until(b"event: message.completed")
        rest = wire.read_until(b"\n\n")
        assert b"onetwo" in rest
        if b"transfer-encoding: chunked" in head:
            wire.read_until(b"0\r\n\r\n")
            assert wire.read_answer().body == b'{"status":"ok"}'
        else:
            assert wire.read_end() == b""


def test_chunked_bodies(wire: raw_connection) -> None:
    with wire:
        wire.send(
            post(
                f"{API}/interactions",
                b'3\r\n{"t\r\n9;ext=1\r\nitle":"x"\r\n1\r\n}\r\n0\r\n\r\n',
                "Transfer-Encoding: chunked",
            )
        )
        answer = wire.read_answer()
        assert answer.status == 201
        assert json.loads(answer.body)["title"] == "x"


def test_a_chunked_body_over_the_limit_is_413(new_server: start_server) -> None:
    one = new_server({"server": {"max_body_size": "4KiB"}})
    with one.raw() as wire:
        wire.send(post(f"{API}/interactions", b"", "Transfer-Encoding: chunked"))
        chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
        wire.send_what_is_taken(chunk * 8)
        assert problem(wire.read_answer()) == (413, "payload_too_large")
        wire.read_end()
    still_serves(one)


def test_a_body_over_the_limit_is_refused_before_it_is_read(shared_server: server) -> None:
    with shared_server.raw() as wire:
        wire.send(post(f"{API}/interactions", b"{", "Content-Length: 4194305"))
        answer = wire.read_answer()  # though the body has not come
        assert problem(answer) == (413, "payload_too_large")
        assert answer.headers["connection"] == "close"
        assert wire.read_end() == b""
    with shared_server.raw() as wire:
        wire.send(post(f"{API}/interactions", b"", "Content-Length: 99999999999999999999999"))
        assert problem(wire.read_answer()) == (400, "malformed_request")
        wire.read_end()
    still_serves(shared_server)


def test_expect_100_continue(shared_server: server) -> None:
    with shared_server.raw() as wire:
        wire.send(post(f"{API}/interactions", b"", "Content-Length: 2", "Expect: 100-continue"))
        assert wire.read_answer().status == 100
        wire.send(b"{}")
        assert wire.read_answer().status == 201
        wire.send(post(f"{API}/interactions", b"", "Content-Length: 4194305", "Expect: 100-continue"))
        assert problem(wire.read_answer()) == (413, "payload_too_large")


def test_too_long_headers_are_431(shared_server: server) -> None:
    for request in (
        f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {'x' * 20000}\r\n\r\n",
        f"GET /{'x' * 9000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "X: y\r\n" * 101 + "\r\n",
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "X: y\r\n" * 5000,
        "x" * 20000,
    ):
        with shared_server.raw() as wire:
            wire.send_what_is_taken(request.encode())
            answer = wire.read_answer()
            if "\n" not in request or request.startswith("GET /x"):
                assert problem(answer) == (414, "target_too_long")
            else:
                assert problem(answer) == (431, "headers_too_large")
            wire.read_end()
    with shared_server.raw() as wire:
        wire.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "X: y\r\n" * 90 + "\r\n")
        assert wire.read_answer().status == 200
    still_serves(shared_server)


@pytest.mark.parametrize(
    "request_text",
    [
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET /healthz\r\n\r\n",
        "GET /healthz HTTP/1.1 more\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /healthz FTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "G<T /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nno colon\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nspace : x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\0b\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: localhost\r\n\r\n",
        POST + "Content-Length: x\r\n\r\n{}",
        POST + "Content-Length: -1\r\n\r\n{}",
        POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        POST + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + JSON + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)  # fmt: skip
def test_what_is_no_http_is_400_and_the_connection_ends(shared_server: server, request_text: str) -> None:
    with shared_server.raw() as wire:
        wire.send(request_text.encode("latin-1"))
        if request_text.startswith("\x16"):
            wire.half_close()
        answer = wire.read_answer()
        assert problem(answer) == (400, "malformed_request")
        assert answer.headers["connection"] == "close"
        assert wire.read_end() == b""
    still_serves(shared_server)


@pytest.mark.parametrize("target", ["/%zz", "/%ff", "/%", "/%00", "healthz", "*", "http://", "/a#b", "/\xe4"])
def test_targets_that_cannot_be_read_are_400(shared_server: server, target: str) -> None:
    with shared_server.raw() as wire:
        wire.send(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode("latin-1"))
        assert problem(wire.read_answer()) == (400, "malformed_target")


@pytest.mark.parametrize(
    ("request_text", "status", "code"),
    [
        ("GET /healthz HTTP/2.0\r\nHost: 127.0.0.1\r\n\r\n", 505, "http_version_not_supported"),
        (POST + JSON + "Transfer-Encoding: gzip\r\n\r\n{}", 501, "transfer_encoding_not_supported"),
        (POST + JSON + "Expect: rain\r\nContent-Length: 2\r\n\r\n{}", 417, "expectation_failed"),
        ("CONNECT example.com:80 HTTP/1.1\r\nHost: example.com\r\n\r\n", 501, "method_not_implemented"),
    ],
)
def test_what_http_has_and_this_server_has_not(
    shared_server: server, request_text: str, status: int, code: str
) -> None:
    with shared_server.raw() as wire:
        wire.send(request_text)
        assert problem(wire.read_answer()) == (status, code)
    still_serves(shared_server)


def test_absolute_targets_are_understood(shared_server: server) -> None:
    with shared_server.raw() as wire:
        wire.send("GET http://127.0.0.1/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert wire.read_answer().status == 200
        wire.send("GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert problem(wire.read_answer()) == (403, "host_not_allowed")


def test_half_a_request_and_gone(shared_server: server) -> None:
    before = len(shared_server.log_text())
    for part in (b"G", GET.encode()[:-2], post(f"{API}/interactions", b"{", "Content-Length: 100")):
        with shared_server.raw() as wire:
            wire.send(part)
            wire.half_close()
            wire.read_end()
    still_serves(shared_server)
    assert '"error"' not in shared_server.log_text()[before:]


def test_slow_senders_are_408(new_server: start_server) -> None:
    one = new_server(SHORT)
    for part in (
        b"G",
        GET.encode()[:-2],
        post(f"{API}/interactions", b"{", "Content-Length: 100"),
        post(f"{API}/interactions", b"5\r\n{", "Transfer-Encoding: chunked"),
    ):
        with one.raw() as wire:
            wire.send(part)
            answer = wire.read_answer()
            assert problem(answer) == (408, "request_timeout")
            assert answer.headers["connection"] == "close"
            assert wire.read_end() == b""
    still_serves(one)


def test_dripping_does_not_prolong_a_request(new_server: start_server) -> None:
    """The time limit is for the whole header and the whole body, not for the next byte."""
    import threading

    one = new_server(SHORT)
    with one.raw() as wire:
        wire.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        ended = threading.Event()

        def drip() -> None:
            while not ended.wait(0.02):
                if wire.send_what_is_taken(b"X: y\r\n") == 0:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            assert problem(wire.read_answer()) == (408, "request_timeout")
        finally:
            ended.set()
            dripping.join()


def test_idle_connections_end_in_silence(new_server: start_server) -> None:
    one = new_server(SHORT)
    with one.raw() as wire:
        assert wire.read_end() == b""
    with one.raw() as wire:
        wire.send(GET)
        assert wire.read_answer().status == 200
        assert wire.read_end() == b""


def test_connections_beyond_the_limit_are_503(new_server: start_server) -> None:
    one = new_server({"server": {"max_connections": 3}})
    held = [one.raw() for _ in range(3)]
    try:
        for wire in held:
            wire.send(GET)
            assert wire.read_answer().status == 200
        with one.raw() as refused:
            answer = refused.read_answer()
            assert problem(answer) == (503, "too_many_connections")
            assert int(answer.headers["retry-after"]) >= 1
            assert refused.read_end() == b""
        held[0].send(GET)
        assert held[0].read_answer().status == 200
    finally:
        for wire in held:
            wire.__exit__(None, None, None)

    def serves() -> bool:
        with one.raw() as wire:
            wire.send_what_is_taken(GET.encode())
            return wire.read_answer().status == 200

    wait_until(serves, "there is room again")


def test_a_client_that_reads_nothing_does_not_hold_the_server(new_server: start_server) -> None:
    one = new_server({"server": {"write_timeout": "2s"}})
    with one.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]
        body = {"content": script(["x" * 60000], repeat=500), "stream": True}
        with one.raw() as deaf:
            deaf.send(post(messages_path(interaction_id), json.dumps(body).encode()))
            deaf.read_until(b"\r\n\r\n")
            path = messages_path(interaction_id)
            wait_until(
                lambda: api.get(path, limit=1).expect(200)["data"][0]["status"] == "complete",
                "the reply is complete",
            )
            metrics = api.get("/metrics").text
            assert "parley_http_event_streams" in metrics
            wait_until(
                lambda: "\nparley_http_event_streams 0\n" in api.get("/metrics").text, "the stream is closed"
            )


@pytest.mark.skipif(SANITIZED, reason="a sanitizer keeps what is freed")
def test_connections_that_ask_nothing_more_hold_no_body(new_server: start_server) -> None:
    one = new_server()
    count, megabytes = 40, 3
    body = json.dumps({"title": "x" * (megabytes << 20)}).encode()
    with contextlib.ExitStack() as kept:
        held = [kept.enter_context(one.raw()) for _ in range(count)]
        before = one.resident_bytes()
        for wire in held:
            wire.send(post(f"{API}/interactions", body))
            assert wire.read_answer().status == 422
        assert one.resident_bytes() - before < (count * megabytes << 20) / 3
        held[0].send(GET)
        assert held[0].read_answer().status == 200


def test_options_star(shared_server: server) -> None:
    with shared_server.raw() as wire:
        wire.send("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        answer = wire.read_answer()
        assert answer.status == 204
        assert "GET" in answer.headers["allow"]
