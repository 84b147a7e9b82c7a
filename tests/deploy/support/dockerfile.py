"""Reads a Dockerfile: stages, instructions, variables. Knows what ours uses and refuses anything else."""

import json
import re
import shlex
from dataclasses import dataclass, field

BUILDING = {"FROM", "ARG", "ENV", "WORKDIR", "COPY", "RUN", "LABEL", "USER"}
RUNNING = {"VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


@dataclass(frozen=True)
class instruction:
    line: int
    word: str
    text: str
    flags: dict[str, str] = field(default_factory=dict)


@dataclass
class stage:
    name: str
    base: str
    instructions: list[instruction] = field(default_factory=list)

    def all(self, word: str) -> list[instruction]:
        return [one for one in self.instructions if one.word == word]

    def last(self, word: str) -> instruction:
        return self.all(word)[-1]


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with their continuations, without comments, by the number of their first line."""
    out: list[tuple[int, str]] = []
    begun = 0
    whole = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or (not whole and not line.strip()):
            continue
        begun = begun if whole else number
        if line.endswith("\\"):
            whole += line[:-1]
            continue
        out.append((begun, whole + line))
        whole = ""
    assert not whole, "the last line goes on"
    return out


def parse(text: str) -> list[stage]:
    stages: list[stage] = []
    for number, line in _logical_lines(text):
        word, _, rest = line.strip().partition(" ")
        assert word in BUILDING | RUNNING, f"line {number}: {word} is not known here"
        flags: dict[str, str] = {}
        rest = rest.strip()
        while word != "FROM" and (found := re.match(r"--([a-z-]+)=(\S+)\s+", rest)):
            flags[found[1]] = found[2]
            rest = rest[found.end() :]
        if word == "FROM":
            found = re.fullmatch(r"(\S+) AS ([a-z]+)", rest)
            assert found, f"line {number}: FROM image AS stage"
            stages.append(stage(found[2], found[1]))
            continue
        assert stages, f"line {number}: {word} before FROM"
        stages[-1].instructions.append(instruction(number, word, rest, flags))
    return stages


def substitute(text: str, variables: dict[str, str]) -> str:
    """$NAME and ${NAME}; an unknown one is nothing, as Docker has it."""
    return re.sub(r"\$(?:\{(\w+)\}|(\w+))", lambda m: variables.get(m[1] or m[2], ""), text)


def assignments(text: str, variables: dict[str, str]) -> dict[str, str]:
    """Of ENV, ARG and LABEL: name=value pairs, quoted or not; a name alone is empty."""
    pairs = (part.partition("=") for part in shlex.split(text))
    return {name: substitute(value, variables) for name, _, value in pairs}


def exec_form(text: str) -> list[str]:
    """The JSON list of ENTRYPOINT, CMD and HEALTHCHECK … CMD."""
    words = json.loads(text.removeprefix("CMD "))
    assert isinstance(words, list), text
    return [str(word) for word in words]
