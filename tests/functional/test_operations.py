"""What operators and their tools see: pages, health, metrics, logs."""

import json
import re

from .conftest import start_server
from .support.client import API, client, messages_path, script
from .support.server import ROOT, server
from .support.waiting import wait_until


def test_a_browser_finds_a_page_at_the_root(api: client) -> None:
    """The chat page (test_web_page.py), or, in a build without it, one that says so and leads on."""
    root = api.get("/")
    assert root.status == 200
    assert root.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Parley</title>" in root.text
    assert 'href="/docs"' in root.text


def test_the_documentation_page_is_complete_and_strict(api: client) -> None:
    page = api.get("/docs")
    assert page.status == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "<script>" not in page.text
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert "/docs/swagger-ui-bundle.js" in files
    for file in files:
        assert file.startswith("/"), file
        got = api._http.get(file)
        assert got.status_code == 200, file
        assert len(got.content) > 20
        assert got.headers["x-content-type-options"] == "nosniff"
    assert api._http.get("/docs/init.js").headers["content-type"].startswith("text/javascript")


def test_the_served_contract_is_the_one_in_the_tree(api: client) -> None:
    import yaml

    served = api.get("/openapi.json").expect(200)
    source = yaml.safe_load((ROOT / "api/openapi.yaml").read_text(encoding="utf-8"))
    assert list(served["paths"]) == list(source["paths"])
    assert json.loads(json.dumps(source, default=str)) == served


def test_health_and_readiness(api: client) -> None:
    assert api.get("/healthz").expect(200) == {"status": "ok"}
    models = {"scripted": "ready", "small": "ready", "single": "ready"}
    ready = {"status": "ready", "checks": {"store": "ok", "cache": "ok", "models": models}}
    assert api.get("/readyz").expect(200) == ready


def test_head_answers_like_get_without_a_body(api: client) -> None:
    for path in ("/healthz", "/docs", "/openapi.json", f"{API}/models"):
        get, head = api.get(path), api.request("HEAD", path)
        assert (head.status, head.text) == (200, "")
        assert head.headers["content-length"] == get.headers["content-length"]
        assert head.headers["content-type"] == get.headers["content-type"]


def exposition(api: client) -> dict[str, float]:
    """Every sample by name and labels. Each line must be one the format knows."""
    text = api.get("/metrics").text
    samples: dict[str, float] = {}
    typed: set[str] = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split(" ")[2])
            continue
        if line.startswith("# HELP ") or not line:
            continue
        found = re.fullmatch(r'([a-z_][a-z0-9_]*)(\{(?:[a-z_]+="[^"\n]*",?)*\})? (\S+)', line)
        assert found, line
        base = re.sub(r"_(bucket|sum|count)$", "", found[1])
        assert found[1] in typed or base in typed, line
        samples[found[1] + (found[2] or "")] = float(found[3])
    return samples


def names(samples: dict[str, float]) -> set[str]:
    return {re.sub(r"_(bucket|sum|count)$", "", name.split("{")[0]) for name in samples}


def use_everything(api: client) -> None:
    interaction_id = api.create_interaction()["interaction_id"]
    api.say(interaction_id, script(["a", "b"]))
    api.get(f"{API}/interactions/nobody").expect_error(404, "interaction_not_found")
    api.get("/nowhere").expect_error(404, "route_not_found")


def test_the_names_of_the_metrics_are_the_golden_ones(api: client) -> None:
    use_everything(api)
    text = api.get("/metrics").text
    told = sorted(line.removeprefix("# TYPE ") for line in text.splitlines() if line.startswith("# TYPE "))
    golden = (ROOT / "tests/unit/prometheus/metric_names.golden").read_text(encoding="utf-8").splitlines()
    # test_remote_models.py has the other servers that these are about.
    about_others = ("parley_upstream_", "parley_failovers_", "parley_breaker_", "parley_loaded_models")
    assert told == [one for one in golden if not one.startswith(about_others) or one in told]
    assert len(told) > 20
    assert names(exposition(api)) <= {line.split(" ")[0] for line in golden}


def test_metrics_count_what_happens(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        use_everything(api)
        samples = exposition(api)
    assert samples['parley_http_requests_total{method="POST",route="/api/v1/interactions",status="201"}'] == 1
    route = "/api/v1/interactions/{interaction_id}"
    assert samples[f'parley_http_requests_total{{method="GET",route="{route}",status="404"}}'] == 1
    assert samples['parley_http_requests_total{method="GET",route="unmatched",status="404"}'] == 1


def test_labels_are_bounded(api: client) -> None:
    marks = ["0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a10", "secret-text-of-mine", "BREW"]
    interaction_id = api.create_interaction()["interaction_id"]
    api.note(interaction_id, marks[1])
    api.get(f"{API}/interactions/{marks[0]}").expect_error(404, "interaction_not_found")
    api.get(f"/{marks[1]}").expect_error(404, "route_not_found")
    api.request(marks[2], "/healthz").expect_error(405, "method_not_allowed")
    api.send(api.create_interaction(settings={"model_name": marks[1]})["interaction_id"], "x").expect(409)
    text = api.get("/metrics").text
    for mark in [*marks, interaction_id]:
        assert mark not in text


def test_open_streams_and_connections_are_counted(new_server: start_server) -> None:
    one = new_server()
    with one.client() as api:
        interaction_id = api.create_interaction()["interaction_id"]

        def value(name: str) -> float:
            return exposition(api)[name]

        with one.client() as reader:
            body = {"content": script(["x"], wait_for_stop=True), "stream": True}
            with reader.stream("POST", messages_path(interaction_id), body) as turn:
                reply = turn.next().data["reply"]
                assert value("parley_http_event_streams") == 1
                assert value("parley_http_connections") == 2
                running = 'parley_generations_running{model="scripted"}'
                wait_until(lambda: value(running) == 1, "the model has begun")
        wait_until(lambda: value("parley_http_event_streams") == 0, "the stream is closed")
        wait_until(lambda: value("parley_http_connections") == 1, "the connection is closed")
        api.request("POST", messages_path(interaction_id, reply["message_id"], "stop")).expect(200)
        wait_until(lambda: value(running) == 0, "the model has ended")


def test_request_ids_are_taken_up_or_made(api: client) -> None:
    taken = api.request("GET", "/healthz", headers={"X-Request-Id": "My-id_1.2"})
    assert taken.headers["x-request-id"] == "My-id_1.2"
    fresh = {api.get("/healthz").headers["x-request-id"] for _ in range(5)}
    assert len(fresh) == 5
    for bad in ("", "has space", "co:lon", "x" * 129, 'quote"', "semi;colon"):
        made = api.request("GET", "/nowhere", headers={"X-Request-Id": bad})
        assert made.headers["x-request-id"] != bad
        made.expect_error(404, "route_not_found")


def test_logs_are_json_with_request_ids_and_never_content(new_server: start_server) -> None:
    one: server = new_server({"log": {"level": "trace"}})
    secret = "the-secret-word"
    with one.client() as api:
        headers = {"X-Request-Id": "request-of-the-test"}
        body = {"title": secret, "settings": {"prompt": secret}, "metadata": {"k": secret}}
        interaction_id = api.request("POST", f"{API}/interactions", body, headers=headers).expect(201)[
            "interaction_id"
        ]
        api.say(interaction_id, secret)
        api.say(interaction_id, script([secret], fail_after=1))
        api.request("POST", f"{API}/interactions", content=secret.encode()).expect_error(
            400, "malformed_json"
        )
        api.request("POST", f"{API}/interactions", {secret: 1}).expect_error(422, "unknown_field")
    one.wait_for_log("request-of-the-test")
    one.stop()
    lines = one.log_lines()
    assert secret not in one.log_text()
    request = next(line for line in lines if line.get("request_id") == "request-of-the-test")
    assert (request["method"], request["status"]) == ("POST", 201)
    assert all({"time", "level"} <= set(line) for line in lines), lines[:3]
