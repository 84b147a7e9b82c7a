"""Another program that serves models, llama-server, as an upstream: with the embedded one's model file."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import start_server
from .support.client import API, client, messages_path
from .support.events import check_turn
from .support.llama_server import PROGRAM, llama_server
from .support.server import server
from .support.waiting import wait_until

pytestmark = [
    pytest.mark.real_model,
    pytest.mark.skipif(not PROGRAM, reason="PARLEY_LLAMA_SERVER is not set: tools/dev/llama_server.sh build"),
    pytest.mark.timeout(600),
]

MODEL = os.environ.get("PARLEY_TEST_MODEL", "")
EXACT: dict[str, Any] = {"temperature": 0, "seed": 1, "max_output_tokens": 16}
TOOL: dict[str, Any] = {
    "name": "get_weather",
    "description": "Tells the weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "enum": ["Oslo", "Rome"]}},  # a short one
        "required": ["city"],
        "additionalProperties": False,
    },
}

# The model's own template knows no tools, and llama-server then says nothing of them.
TEMPLATE = """\
{%- if tools -%}
<|im_start|>system
You may call one or more functions. They are within <tools></tools>:
<tools>
{%- for tool in tools %}
{{ tool | tojson }}
{%- endfor %}
</tools>
Return each call as JSON within <tool_call></tool_call>:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call><|im_end|>
{% endif -%}
{%- for message in messages -%}
{%- if message.role == "tool" -%}
<|im_start|>user
<tool_response>
{{ message.content }}
</tool_response><|im_end|>
{% elif message.tool_calls -%}
<|im_start|>assistant
{%- if message.content %}{{ "\\n" + message.content }}{%- endif -%}
{%- for call in message.tool_calls -%}
{{ "\\n<tool_call>\\n" -}}
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
{{- "\\n</tool_call>" -}}
{%- endfor -%}
<|im_end|>
{% else -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endif -%}
{%- endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}
"""


def config_over(far: llama_server) -> dict[str, Any]:
    remote = {"name": "remote", "kind": "upstream", "upstream": "llama", "remote_name": "smol"}
    return {
        "upstreams": [{"name": "llama", "base_url": far.base_url, "discover_every": "1h"}],
        "models": [
            {**remote, "context_window": 1024, "abilities": ["tools", "structured_output"]},
            {"name": "own", "kind": "llama", "path": MODEL, "threads": 1, "context_window": 1024},
            {"name": "either", "kind": "route", "targets": ["remote", "own"]},
        ],
    }


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[llama_server]:
    with llama_server(tmp_path_factory.mktemp("llama-server"), MODEL) as one:
        yield one


@pytest.fixture(scope="module")
def running(far: llama_server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[server]:
    with server(tmp_path_factory.mktemp("over"), config_over(far)) as one:
        with one.client() as api:
            wait_until(lambda: api.get("/readyz").status == 200, "the own model is loaded", 300)
        yield one


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[llama_server]:
    """One that a test may kill."""
    with llama_server(tmp_path_factory.mktemp("mortal"), MODEL) as one:
        yield one


@pytest.fixture
def over_mortal(mortal: llama_server, new_server: start_server) -> Iterator[client]:
    with new_server(config_over(mortal)).client(timeout=300) as one:
        wait_until(lambda: one.get("/readyz").status == 200, "the own model is loaded", 300)
        yield one


@pytest.fixture
def api(running: server) -> Iterator[client]:
    with running.client(timeout=300) as one:
        yield one


def talk_with(api: client, **settings: Any) -> str:
    chosen = {"model_name": "remote", **EXACT, **settings}
    return str(api.create_interaction(settings=chosen)["interaction_id"])


def test_its_replies_come_in_a_stream_with_its_own_figures(api: client) -> None:
    talk = talk_with(api)
    with api.stream("POST", messages_path(talk), {"content": "My name is Ada.", "stream": True}) as turn:
        first = check_turn(turn.rest())
    assert first.reply["status"] == "complete"
    assert len(first.text) > 0
    assert first.reply["usage"]["estimated"] is False
    second = api.say(talk, "What is my name?")
    before = first.reply["usage"]
    assert second["usage"]["input_tokens"] > before["input_tokens"] + before["output_tokens"]
    assert second["usage"]["cached_tokens"] > 0  # it has kept the conversation


def test_it_reads_what_the_embedded_model_reads(api: client) -> None:
    """The same template makes the same tokens of a conversation, and the likeliest ones are the same."""
    replies = []
    for name in ("remote", "own"):
        talk = talk_with(api, model_name=name, prompt="Answer in one word.")
        replies.append([api.say(talk, text) for text in ("The capital of France?", "And of Italy?")])
    far, own = replies
    assert [one["usage"]["input_tokens"] for one in far] == [one["usage"]["input_tokens"] for one in own]
    assert [one["content"] for one in far] == [one["content"] for one in own]


def test_a_length_and_a_stop_word_are_kept_to(api: client) -> None:
    cut = api.say(talk_with(api, max_output_tokens=3), "Count from one to twenty.")
    assert (cut["finish_reason"], cut["usage"]["output_tokens"]) == ("length", 3)
    stopped = api.say(talk_with(api, stop=["e"]), "Count from one to twenty.")
    assert (stopped["finish_reason"], "e" in stopped["content"]) == ("stop", False)


def test_it_calls_a_tool_and_goes_on_with_its_answer(
    tmp_path_factory: pytest.TempPathFactory, new_server: start_server
) -> None:
    folder = tmp_path_factory.mktemp("with-tools")
    template = folder / "template.jinja"
    template.write_text(TEMPLATE)
    with (
        llama_server(folder, MODEL, "--chat-template-file", str(template)) as able,
        new_server(config_over(able)).client(timeout=300) as api,
    ):
        talk = talk_with(api, tools=[TOOL], tool_choice="required", max_output_tokens=64)
        # A model this small calls nothing by itself: it is shown what to write.
        call_text = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>'
        asked = api.say(talk, "Repeat these lines exactly:\n" + call_text)
        assert asked["finish_reason"] == "tool_calls", asked["content"]
        (call,) = asked["tool_calls"]
        assert call["name"] == "get_weather"
        assert set(json.loads(call["arguments"])) == {"city"}
        path = f"{API}/interactions/{talk}"
        api.request("PATCH", path, {"settings": {"tool_choice": "none", "max_output_tokens": 16}}).expect(200)
        told = api.say(talk, "Rain, 7 degrees.", role="tool", tool_call_id=call["id"])
        assert told["status"] == "complete"
        assert told["usage"]["input_tokens"] > 0


def test_it_keeps_to_a_form(api: client) -> None:
    schema = {
        "type": "object",
        "properties": {"yes": {"type": "boolean"}},
        "required": ["yes"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "name": "answer", "schema": schema}
    reply = api.say(talk_with(api, response_format=form, max_output_tokens=64), "Is water wet?")
    assert isinstance(json.loads(reply["content"])["yes"], bool)


def test_a_stop_reaches_it(api: client, far: llama_server) -> None:
    talk = talk_with(api, max_output_tokens=900)
    with api.stream("POST", messages_path(talk), {"content": "Tell a long story.", "stream": True}) as turn:
        reply_id = turn.next().data["reply"]["message_id"]
        assert turn.next().data["delta"]
        with client(api.base_url) as other:
            stopped = other.request("POST", messages_path(talk, reply_id, "stop")).expect(200)
        assert turn.rest()[-1].name == "message.stopped"
    assert stopped["status"] == "stopped"
    assert stopped["usage"]["output_tokens"] > 0
    wait_until(lambda: far.busy() == 0, "llama-server has stopped, too")


def test_its_models_are_discovered(running: server, api: client) -> None:
    running.wait_for_log("models of an upstream have changed")
    assert api.say(talk_with(api, model_name="llama/smol"), "Hello")["status"] == "complete"


def test_a_prompt_too_long_for_it_is_told(api: client) -> None:
    """Of the discovered one nobody has told us the window."""
    reply = api.say(talk_with(api, model_name="llama/smol"), "word " * 4000)
    assert (reply["status"], reply["error"]["code"]) == ("failed", "context_length_exceeded")


def test_the_embedded_model_takes_over_when_it_dies(mortal: llama_server, over_mortal: client) -> None:
    talk = talk_with(over_mortal, model_name="either")
    assert [one["outcome"] for one in over_mortal.say(talk, "Hello")["attempts"]] == ["ok"]
    mortal.kill()
    taken_over = over_mortal.say(talk, "Are you there?")
    assert taken_over["status"] == "complete"
    assert [(one["target"], one["outcome"]) for one in taken_over["attempts"]] == [
        ("remote", "upstream_unreachable"),
        ("own", "ok"),
    ]
    mortal.start()
    assert [one["target"] for one in over_mortal.say(talk, "And now?")["attempts"]] == ["remote"]


def test_a_reply_that_it_dies_in_keeps_what_has_come(mortal: llama_server, over_mortal: client) -> None:
    talk = talk_with(over_mortal, model_name="either", max_output_tokens=900)
    body = {"content": "Tell a long story.", "stream": True}
    with over_mortal.stream("POST", messages_path(talk), body) as turn:
        turn.next()
        begun = turn.next().data["delta"]
        mortal.kill()
        told = turn.rest()[-1]
    assert told.name == "message.failed"
    assert told.data["content"].startswith(begun)
    assert told.data["error"]["code"] == "upstream_failed"
    assert [one["target"] for one in told.data["attempts"]] == ["remote"]
