"""The Dockerfile, read without Docker: stages, pinned base, what the image promises, what is copied."""

import re
from pathlib import Path

import pytest

from .support.chroot_image import build_context
from .support.dockerfile import assignments, exec_form, parse

ROOT = Path(__file__).resolve().parents[2]
STAGES = {one.name: one for one in parse((ROOT / "Dockerfile").read_text(encoding="utf-8"))}
RUNTIME = STAGES["runtime"]


def test_the_stages_follow_each_other() -> None:
    assert {name: one.base for name, one in STAGES.items()} == {
        "base": "debian:bookworm-20251229-slim",
        "page": "base",
        "dependencies": "base",
        "build": "dependencies",
        "test": "build",
        "runtime": "base",
    }
    assert list(STAGES)[-1] == "runtime", "the last one is what docker build makes"


def test_what_runs_has_passed_the_tests() -> None:
    assert {one.flags.get("from", "") for one in RUNTIME.all("COPY")} == {"test", ""}
    assert any("pytest" in one.text for one in STAGES["test"].all("RUN"))
    tests = assignments(STAGES["test"].last("ARG").text, {})["TESTS"].split()
    assert tests
    for file in tests:
        assert (ROOT / file).is_file(), file


@pytest.mark.parametrize("stage", list(STAGES))
def test_everything_copied_is_there(stage: str) -> None:
    context = build_context(ROOT)
    for one in STAGES[stage].all("COPY"):
        *sources, _ = one.text.split()
        if "from" in one.flags:
            assert one.flags["from"] in STAGES
            continue
        for source in sources:
            assert context.files(source), f"line {one.line}: {source}"


def test_the_page_has_a_stage_of_its_own_and_gets_into_the_program() -> None:
    build = STAGES["build"]
    taken = {one.text.split()[0]: one.text.split()[-1] for one in build.all("COPY") if "from" in one.flags}
    assert {one.flags["from"] for one in build.all("COPY") if "from" in one.flags} == {"page"}
    named = assignments(build.last("ENV").text, {})["PARLEY_PAGE"]
    assert named == taken["/src/build/page/page.pack"] + "page.pack"
    assert taken["/src/web/node_modules/swagger-ui-dist"] == "web/node_modules/swagger-ui-dist"
    first = build.all("RUN")[0]
    assert build.last("ENV").line < first.line, "before the program is built"


def test_nothing_private_and_no_other_build_gets_into_the_context(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_text(
        (ROOT / ".dockerignore").read_text(encoding="utf-8"), encoding="utf-8"
    )
    for file in (
        ".git/x",
        "build/dev/x",
        "deploy/.env",
        "web/node_modules/x",
        "web/dist/x",
        ".venv/x",
        "data/x",
        "a/__pycache__/x",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    (tmp_path / "src/build").mkdir(parents=True)
    (tmp_path / "src/build/kept").touch()
    inside = {file.relative_to(tmp_path).as_posix() for file in build_context(tmp_path).files(".")}
    assert inside == {".dockerignore", "src/build/kept"}


def test_the_program_gets_the_signals_and_runs_as_nobody() -> None:
    assert exec_form(RUNTIME.last("ENTRYPOINT").text) == ["parley"]
    assert exec_form(RUNTIME.last("CMD").text) == ["serve"]
    assert RUNTIME.last("STOPSIGNAL").text == "SIGTERM"
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", RUNTIME.last("USER").text)
    after = RUNTIME.instructions[RUNTIME.instructions.index(RUNTIME.last("USER")) :]
    assert not [one for one in after if one.word in ("RUN", "COPY")]


def test_the_health_check_is_the_program_itself() -> None:
    check = RUNTIME.last("HEALTHCHECK")
    assert exec_form(check.text) == ["parley", "health"]
    assert {"interval", "timeout", "start-period", "retries"} <= set(check.flags)


def test_labels() -> None:
    labels = assignments(RUNTIME.last("LABEL").text, {"VERSION": "1", "COMMIT": "abc"})
    kind = "org.opencontainers.image."
    names = ("title", "description", "licenses", "version", "revision", "base.name")
    assert set(labels) == {kind + name for name in names}
    assert labels[kind + "base.name"] == STAGES["base"].base
    version = re.search(
        r"project\(parley VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    )
    assert version
    given = [assignments(one.text, {}) for one in RUNTIME.all("ARG")]
    assert {"VERSION": version[1]} in given


def test_packages_are_listed_once() -> None:
    """Only the certificates stand here: building takes tools/dev/packages.sh, running asks the program."""
    for one in STAGES.values():
        for run in one.all("RUN"):
            found = re.findall(r"apt-get install -y [^&;]*", run.text)
            named = [w for text in found for w in text.split() if re.fullmatch(r"[a-z][a-z0-9.+-]+", w)]
            assert set(named) <= {"apt-get", "install", "ca-certificates"}, f"line {run.line}"


@pytest.mark.parametrize("text", ["FROM a AS b\nADD x y\n", "RUN x\n", "FROM a\n", "FROM a AS b\nRUN x \\\n"])
def test_the_reader_refuses_what_it_does_not_know(text: str) -> None:
    with pytest.raises(AssertionError):
        parse(text)
