"""deploy/compose.yaml: what it mounts is there, ./dev makes what it asks for, nothing is open or loose."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy"
TEXT = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {"mongodb-init"}
MAKE_ENV = ROOT / "tools/dev/compose_env.sh"

every_service = pytest.mark.parametrize("name", list(SERVICES))


def mounts(service: dict[str, Any]) -> list[list[str]]:
    return [one.split(":") for one in service.get("volumes", [])]


@every_service
def test_what_is_mounted_is_there_and_read_only(name: str) -> None:
    for source, *rest in mounts(SERVICES[name]):
        if source.startswith("."):
            assert (FOLDER / source).exists(), source
            assert rest[-1] == "ro", source
        else:
            assert source in COMPOSE["volumes"], source


@every_service
def test_files_named_in_commands_are_in_what_is_mounted(name: str) -> None:
    service = SERVICES[name]
    words = [*service.get("command", []), *service.get("healthcheck", {}).get("test", [])]
    places = {target: FOLDER / source for source, target, *_ in mounts(service) if source.startswith(".")}
    named = [word.split("=")[-1] for word in words if re.search(r"(^|=)/(deploy|etc)/", word)]
    for file in named:
        found = [
            here / Path(file).relative_to(at) for at, here in places.items() if file.startswith(at + "/")
        ]
        assert found, file
        assert found[0].is_file(), file


@every_service
def test_images_are_pinned(name: str) -> None:
    service = SERVICES[name]
    if "build" in service:
        assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    else:
        assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+\.\d+(-[a-z]+)?", service["image"])


@every_service
def test_nothing_is_loose(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)
    assert service["restart"] == ("on-failure:5" if name in JOBS else "unless-stopped")
    if name != "parley":  # its image says so itself
        assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])
        assert ("healthcheck" in service) == (name not in JOBS)


def test_only_two_ports_are_published_and_only_here() -> None:
    published = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}
    assert published == {"parley": ["127.0.0.1:8080:8080"], "grafana": ["127.0.0.1:3000:3000"]}
    inside = {name for name, settings in COMPOSE["networks"].items() if settings.get("internal")}
    for name in ("mongodb", "redis", "prometheus"):
        assert set(SERVICES[name]["networks"]) <= inside, name


def test_who_needs_another_waits_until_it_is_well() -> None:
    assert SERVICES["parley"]["depends_on"] == {
        "mongodb-init": {"condition": "service_completed_successfully"},
        "mongodb": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }
    assert SERVICES["mongodb-init"]["depends_on"] == {"mongodb": {"condition": "service_healthy"}}


def test_it_is_stopped_later_than_its_replies_may_end() -> None:
    settings = yaml.safe_load((ROOT / "configs/production.yaml").read_text(encoding="utf-8"))
    grace = int(settings["server"]["shutdown_grace"].removesuffix("s"))
    assert int(SERVICES["parley"]["stop_grace_period"].removesuffix("s")) >= grace + 5


# -- ./dev compose-env


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("env") / ".env"
    subprocess.run([MAKE_ENV, file], check=True, capture_output=True)
    return file


def values(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_variable_is_made_and_every_one_made_is_used(env_file: Path) -> None:
    used = re.findall(r"\$\{?(\w+)(:\?run \./dev compose-env\})?", TEXT)
    assert all(hint for _, hint in used), "each says what to do when it is missing"
    assert {name for name, _ in used} == set(values(env_file))


def test_secrets_are_long_and_all_different(env_file: Path) -> None:
    secrets = [value for name, value in values(env_file).items() if name != "PARLEY_SAMPLE_DATA"]
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in secrets)
    assert len(set(secrets)) == len(secrets)


def test_the_file_is_private_and_stays(env_file: Path) -> None:
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert [one.name for one in env_file.parent.iterdir()] == [".env"]
    before = env_file.read_bytes()
    again = subprocess.run([MAKE_ENV, env_file], check=True, capture_output=True, text=True)
    assert env_file.read_bytes() == before
    assert "stays as it is" in again.stderr


def test_git_and_the_image_never_see_it() -> None:
    for file in (".gitignore", ".dockerignore"):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        assert {"deploy/.env", "/deploy/.env"} & set(lines), file
