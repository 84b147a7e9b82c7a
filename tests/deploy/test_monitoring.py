"""Rules and dashboard: promtool takes them, every metric in them exists; it takes what Parley exposes."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.functional.support.server import BINARY, server

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy/prometheus/rules.yml"
GRAFANA = ROOT / "deploy/grafana"
GOLDEN = ROOT / "tests/unit/prometheus/metric_names.golden"
OF_PROMETHEUS = {"up", "ALERTS"}  # made by Prometheus itself

needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")


def promtool(*arguments: str | Path, text: str | None = None) -> str:
    done = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def exposed_names() -> set[str]:
    """What a query may name: the golden list, a histogram by its three series."""
    names: set[str] = set()
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        name, kind = line.split()
        names |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return names


def metrics_in(expression: str) -> set[str]:
    """Names of metrics in a PromQL expression: words that are neither labels, strings nor functions."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    words = re.findall(r"\b[a-zA-Z_][\w:]*\b(?!\s*\()", bare)
    return {word for word in words if word not in {"or", "and", "unless", "bool", "offset"}}


def expressions(where: Any) -> Iterator[str]:
    if isinstance(where, dict):
        for key, value in where.items():
            if key == "expr":
                yield value
            elif key == "query" and isinstance(value, str):
                found = re.fullmatch(r"label_values\((.+), \w+\)", value)
                assert found, value
                yield found[1]
            else:
                yield from expressions(value)
    elif isinstance(where, list):
        for one in where:
            yield from expressions(one)


def dashboards() -> list[Path]:
    return sorted((GRAFANA / "dashboards").glob("*.json"))


@pytest.mark.parametrize("file", [RULES, *dashboards()], ids=lambda file: file.name)
def test_every_metric_exists(file: Path) -> None:
    """One that does not is to be added to the program first, and with it to the golden list."""
    found = list(expressions(yaml.safe_load(file.read_text(encoding="utf-8"))))
    assert found
    unknown = {name for one in found for name in metrics_in(one)} - exposed_names() - OF_PROMETHEUS
    assert not unknown


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('sum by (le, a) (rate(x_bucket{b="c d"}[5m])) / y > 0.5', {"x_bucket", "y"}),
        ('absent(up{job="z"}) or vector(0)', {"up"}),
        ("histogram_quantile(0.99, sum by (le) (rate(h_bucket[$__rate_interval])))", {"h_bucket"}),
    ],
)
def test_names_are_found_in_expressions(expression: str, names: set[str]) -> None:
    assert metrics_in(expression) == names


def test_the_dashboard_shows_what_it_should() -> None:
    shown = json.loads((GRAFANA / "dashboards/parley.json").read_text(encoding="utf-8"))
    used = {name for one in expressions(shown) for name in metrics_in(one)}
    for wanted in (
        "parley_http_requests_total",
        "parley_http_request_duration_seconds_bucket",
        "parley_generation_time_to_first_token_seconds_bucket",
        "parley_output_tokens_total",
        "parley_generations_waiting",
        "parley_cache_lookups_total",
        "parley_store_operation_duration_seconds_bucket",
        "parley_upstream_requests_total",
        "parley_breaker_open",
    ):
        assert wanted in used
    ids = [panel["id"] for panel in shown["panels"]]
    assert len(set(ids)) == len(ids)


def test_grafana_finds_its_source_and_its_dashboards() -> None:
    source = yaml.safe_load(
        (GRAFANA / "provisioning/datasources/prometheus.yaml").read_text(encoding="utf-8")
    )
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/parley.yaml").read_text(encoding="utf-8"))
    compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"][
        "grafana"
    ]
    home = compose["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    folder = provider["providers"][0]["options"]["path"]
    assert f"./grafana/dashboards:{folder}:ro" in compose["volumes"]
    assert home == f"{folder}/parley.json"
    uid = source["datasources"][0]["uid"]
    for file in dashboards():
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r'"uid": "([^"]+)"', text)) == {uid, json.loads(text)["uid"]}


@needs_promtool
def test_promtool_takes_configuration_and_rules(tmp_path: Path) -> None:
    promtool("check", "rules", RULES)
    text = (RULES.parent / "prometheus.yml").read_text(encoding="utf-8")
    file = tmp_path / "prometheus.yml"  # the rules lie elsewhere in the container
    file.write_text(text.replace("/etc/prometheus/rules.yml", str(RULES)), encoding="utf-8")
    promtool("check", "config", file)


@needs_promtool
def test_alerts_fire_when_they_should_and_not_before() -> None:
    promtool("test", "rules", RULES.parent / "rules_test.yml")


@needs_promtool
@pytest.mark.skipif(not BINARY.exists(), reason="the program is not built")
def test_promtool_takes_what_a_server_exposes(tmp_path: Path) -> None:
    with server(tmp_path) as one, one.client() as api:
        interaction = api.create_interaction()
        api.say(interaction["interaction_id"], "Hello.")
        text = httpx.get(f"{one.base_url}/metrics").text
    assert "parley_generations_finished_total{" in text
    promtool("check", "metrics", text=text)
