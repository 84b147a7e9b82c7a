"""Includes point one way (docs/architecture.md): common, entities, services, modules, adapters/http, app.

Other adapters see services, entities, common and their own driver, never each other. A driver's headers
appear only under its adapter. Prints one line for each forbidden include and ends with 1 if there is one.
"""

import re
import subprocess
import sys
from pathlib import Path

CORE = ["common", "entities", "services", "modules"]

# Header prefix in angle brackets -> the folders of src/ that may include it.
DRIVERS = {
    "sqlite3": ["adapters/sqlite"],
    "mongoc": ["adapters/mongo"],
    "bson": ["adapters/mongo"],
    "hiredis": ["adapters/redis"],
    "llama": ["adapters/llama"],
    "ggml": ["adapters/llama"],
    "gguf": ["adapters/llama"],
    "prometheus": ["adapters/prometheus"],
    "boost/beast": ["adapters/http", "adapters/client", "adapters/upstream"],
    "yaml-cpp": ["common"],
    "spdlog": ["common"],
    "CLI": ["app"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def folder_of(path: Path) -> str:
    """The layer a file of src/ belongs to: "common", "adapters/http", "app" …"""
    parts = path.parts[1:-1]
    if not parts:
        return "app"  # src/main.cpp
    return "/".join(parts[:2]) if parts[0] == "adapters" else parts[0]


def visible_from(folder: str) -> list[str]:
    """The folders whose headers a folder may include."""
    if folder in CORE:
        return CORE[: CORE.index(folder) + 1]
    if folder == "adapters/http":
        return [*CORE, folder]
    if folder.startswith("adapters/"):
        return [*CORE[:3], folder]
    return [*CORE, "adapters", "app"]


def problem(path: Path, quoted: str | None, angled: str | None) -> str | None:
    folder = folder_of(path)
    if angled is not None:
        for driver, homes in DRIVERS.items():
            if re.match(rf"{driver}\b", angled) and folder not in homes:
                return f"<{angled}> belongs to {' and '.join(homes)}"
        return None
    assert quoted is not None
    if folder == "adapters/llama" and ("/" not in quoted or quoted.startswith("jinja/")):
        return None  # llama.cpp's own headers are written so
    if quoted == "parley_version.hpp" or quoted.startswith("embedded/"):
        return None
    if "/" not in quoted:
        return f'"{quoted}" must be written from src/'
    if not any(quoted.startswith(f"{allowed}/") for allowed in visible_from(folder)):
        return f'"{quoted}" is not visible'
    return None if (Path("src") / quoted).exists() else f'"{quoted}" does not exist'


def main() -> int:
    command = ["git", "ls-files", "-co", "--exclude-standard", "src"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    problems = 0
    for path in (Path(name) for name in listed):
        if path.suffix not in {".cpp", ".hpp"} or not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".hpp" and "#pragma once" not in text:
            print(f"{path}:1: no #pragma once")
            problems += 1
        for number, line in enumerate(text.splitlines(), 1):
            if (found := INCLUDE.match(line)) and (what := problem(path, found[1], found[2])):
                print(f"{path}:{number}: {what}")
                problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
