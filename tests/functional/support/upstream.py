"""A server of models that answers as a test tells it, in the dialect of OpenAI's chat completions."""

import json
import select
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PATIENCE = 30.0


@dataclass(frozen=True)
class asked:
    path: str
    headers: dict[str, str]  # names in lower case
    body: Any


behaviour = Callable[["_handler"], None]


class _handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "upstream_server"

    def do_GET(self) -> None:
        self.server.note(self, None)
        self.json(200, {"object": "list", "data": [{"id": name} for name in self.server.models]})

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.note(self, self.body)
        self.server.next_behaviour(self.body)(self)

    def json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        text = json.dumps(body).encode()
        self.whole(status, text, {"Content-Type": "application/json", **(headers or {})})

    def whole(self, status: int, text: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def wait_to_be_left(self) -> None:
        """Until the other side closes the connection, which is noted, or the test is over."""
        self.close_connection = True
        while not self.server.over.is_set():
            if select.select([self.connection], [], [], 0.05)[0]:
                self.server.left.append(self.body["model"])
                return

    def begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class upstream_server(ThreadingHTTPServer):
    """Each request is answered as `by_model` says for its model; where that says nothing, by the next of the
    `behaviours`, by `otherwise` when none is left."""

    daemon_threads = True
    request_queue_size = 128  # a connection beyond it would wait a second for its second try

    def __init__(self, models: tuple[str, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _handler)
        self.models = models
        self.by_model: dict[str, behaviour] = {}
        self.behaviours: deque[behaviour] = deque()
        self.otherwise: behaviour = says("hello")
        self.asked: list[asked] = []
        self.left: list[str] = []  # models whose connections were closed while they were waiting for that
        self.over = threading.Event()  # ends those that hang
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join(PATIENCE)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a connection that Parley has closed

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def then(self, *what: behaviour) -> None:
        self.behaviours.extend(what)

    def note(self, handler: _handler, body: Any) -> None:
        with self._guard:
            headers = {name.lower(): value for name, value in handler.headers.items()}
            self.asked.append(asked(handler.path, headers, body))

    def next_behaviour(self, body: Any) -> behaviour:
        if chosen := self.by_model.get(body["model"]):
            return chosen
        with self._guard:
            return self.behaviours.popleft() if self.behaviours else self.otherwise


def delta(finish_reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}]}


def says(
    *texts: str, usage: dict[str, Any] | None = None, reasoning: tuple[str, ...] = (), reason: str = "stop"
) -> behaviour:
    def answer(to: _handler) -> None:
        to.begin_stream()
        for thought in reasoning:
            to.event(delta(reasoning_content=thought))
        for text in texts:
            to.event(delta(content=text))
        to.event(delta(reason))
        if usage is not None:
            to.event({"choices": [], "usage": usage})
        to.event("[DONE]")

    return answer


def calls(*functions: tuple[str, str, str]) -> behaviour:
    """Calls tools (id, name, arguments), in fragments as servers send them."""

    def answer(to: _handler) -> None:
        to.begin_stream()
        for index, (call_id, name, arguments) in enumerate(functions):
            begun = {"index": index, "id": call_id, "type": "function"}
            to.event(delta(tool_calls=[{**begun, "function": {"name": name, "arguments": ""}}]))
            for character in arguments:
                to.event(delta(tool_calls=[{"index": index, "function": {"arguments": character}}]))
        to.event(delta("tool_calls"))
        to.event("[DONE]")

    return answer


def refuses(status: int, message: str = "no", headers: dict[str, str] | None = None) -> behaviour:
    return lambda to: to.json(status, {"error": {"message": message, "type": "x", "code": None}}, headers)


def breaks_off(*texts: str) -> behaviour:
    def answer(to: _handler) -> None:
        to.begin_stream()
        for text in texts:
            to.event(delta(content=text))

    return answer


def hangs(*texts: str) -> behaviour:
    """Says these and then nothing, until the test is over."""

    def answer(to: _handler) -> None:
        to.begin_stream()
        for text in texts:
            to.event(delta(content=text))
        to.wait_to_be_left()

    return answer


def stays_silent(to: _handler) -> None:
    """Not even a header comes, until the test is over."""
    to.wait_to_be_left()


def hangs_up(to: _handler) -> None:
    """Closes the connection without a byte."""
    to.close_connection = True


def streams(*events: Any) -> behaviour:
    """These events and the end of the connection."""

    def answer(to: _handler) -> None:
        to.begin_stream()
        for one in events:
            to.event(one)

    return answer


def sends(status: int, content_type: str, text: str, headers: dict[str, str] | None = None) -> behaviour:
    def answer(to: _handler) -> None:
        to.whole(status, text.encode(), {"Content-Type": content_type, **(headers or {})})

    return answer
