"""What docs/models.md shows is configuration that the program takes; keys are never shown."""

import re
from pathlib import Path

import pytest
import yaml

from .support.server import ROOT, environment, run_parley

CANARY = "sk-canary-8d2f6b"
EXAMPLES = re.findall(
    r"^```yaml\n(.*?)^```$", (ROOT / "docs/models.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


def variables_of(text: str) -> dict[str, str]:
    found = yaml.safe_load(text).get("upstreams", [])
    return {one["api_key_variable"]: CANARY for one in found if "api_key_variable" in one}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: yaml.safe_load(text)["models"][-1]["name"])
def test_an_example_is_taken_and_shows_no_key(tmp_path: Path, text: str) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(text, encoding="utf-8")
    variables = variables_of(text)
    done = run_parley("check-config", "--config", str(file), env={**environment(), **variables})
    assert done.returncode == 0, done.stderr
    shown = yaml.safe_load(done.stdout)
    written = yaml.safe_load(text)
    for kind in ("upstreams", "models"):
        for mine, its in zip(written.get(kind, []), shown[kind], strict=True):
            assert mine["name"] == its["name"]
    assert CANARY not in done.stdout + done.stderr
    assert done.stdout.count("# api_key: (set)") == len(variables)


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    text = next(text for text in EXAMPLES if "OPENAI_API_KEY" in text)
    file.write_text(text, encoding="utf-8")
    for command in ("check-config", "serve"):
        variables = {name: value for name, value in environment().items() if name != "OPENAI_API_KEY"}
        done = run_parley(command, "--config", str(file), env=variables)
        assert done.returncode == 3
        assert (
            f"{file}:4: upstreams[0].api_key_variable: the variable OPENAI_API_KEY is not set; "
            "it must hold the key" in done.stderr
        )
