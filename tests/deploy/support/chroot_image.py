"""Carries a Dockerfile out without Docker: stages are folders, RUN lines run in them by chroot.

For machines without a container engine. Needs root and debootstrap. It knows FROM, ARG, ENV, WORKDIR, COPY,
RUN, USER and what the runtime stage says about its program. A stage whose instructions and files are as they
were is not made again.

    python -m tests.deploy.support.chroot_image --folder FOLDER [--until STAGE] [--arg NAME=VALUE]…
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from .dockerfile import assignments, exec_form, instruction, parse, stage, substitute

ROOT = Path(__file__).resolve().parents[3]
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# How this machine reaches Debian, PyPI and npm: what Docker's engine would know by its own configuration.
HOST_FILES = (
    "etc/resolv.conf",
    "etc/hosts",
    "etc/pip.conf",
    "root/.npmrc",
    "usr/local/share/ca-certificates",
    "etc/apt/apt.conf.d/99*",
)
HOST_VARIABLES = re.compile(
    r"(?i)(https?|no)_proxy|PIP_(CERT|INDEX_URL|DEFAULT_TIMEOUT)|npm_config_\w+|NODE_EXTRA_CA_CERTS"
)

# $1 root, $2 user or empty, $3 working folder, $4 the folder for /data (then the root is read-only) or empty,
# $5 a folder and where to mount it, or empty; then the command. The mounts end with the last process.
ENTER = """
set -e
root=$1 user=$2 folder=$3 data=$4 cache=$5
shift 5
if [ -n "$data" ]; then
    mount --bind "$root" "$root"
    mount --bind "$data" "$root/data"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -o remount,bind,ro "$root"
fi
if [ -n "$cache" ]; then
    mkdir -p "${cache%%:*}" "$root${cache##*:}"
    mount --bind "${cache%%:*}" "$root${cache##*:}"
fi
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec chroot ${user:+--userspec="$user" --groups=} "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""


def log(text: str) -> None:
    print(f"-- {text}", file=sys.stderr, flush=True)


def command_in(
    root: Path,
    command: Sequence[str],
    variables: dict[str, str],
    *,
    user: str = "",
    folder: str = "/",
    data: Path | None = None,
    cache: str = "",
) -> list[str]:
    """The command line that runs `command` inside. With `data` only that (/data) and /tmp are writable."""
    inside = {"PATH": PATH, "HOME": "/root", **variables}
    clean = ["env", "-i", *(f"{name}={value}" for name, value in inside.items())]
    enter = ["/bin/sh", "-c", ENTER, "enter", str(root), user, folder, str(data or ""), cache]
    return [*clean, "unshare", "--mount", "--propagation", "private", *enter, *command]


class build_context:
    """The files that COPY may take: those of the checkout that .dockerignore lets through."""

    def __init__(self, root: Path) -> None:
        self.root = root
        lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
        self._ignored = [line for line in lines if line and not line.startswith("#")]

    def lets_through(self, path: Path) -> bool:
        name = path.relative_to(self.root).as_posix()
        for pattern in self._ignored:
            anywhere = pattern.removeprefix("**/")
            if fnmatch(name, pattern) or (anywhere != pattern and fnmatch(path.name, anywhere)):
                return False
        return True

    def files(self, source: str) -> list[Path]:
        """The file, or all files below the folder; none when there is nothing."""
        start = self.root / source
        if start.is_file():
            return [start] if self.lets_through(start) else []
        found: list[Path] = []
        for folder, folders, names in os.walk(start):
            here = Path(folder)
            folders[:] = sorted(one for one in folders if self.lets_through(here / one))
            found += [here / name for name in sorted(names) if self.lets_through(here / name)]
        return found

    def digest(self, source: str) -> str:
        state = hashlib.sha256()
        for file in self.files(source):
            state.update(f"{file.relative_to(self.root)} {file.stat().st_mode}".encode())
            state.update(file.read_bytes())
        return state.hexdigest()


class image:
    """All stages of one Dockerfile under one folder."""

    def __init__(self, folder: Path, arguments: dict[str, str], root: Path = ROOT) -> None:
        self.folder = folder
        self.stages = {one.name: one for one in parse((root / "Dockerfile").read_text(encoding="utf-8"))}
        self._context = build_context(root)
        self._arguments = arguments
        self._keys: dict[str, str] = {}
        self._variables: dict[str, dict[str, str]] = {}  # ENV of a finished stage
        self._workdirs: dict[str, str] = {}

    def root_of(self, name: str) -> Path:
        return self.folder / name

    def make(self, until: str) -> None:
        """Makes that stage and those it needs."""
        one = self.stages[until]
        needed = [one.base, *(copy.flags["from"] for copy in one.all("COPY") if "from" in copy.flags)]
        for name in needed:
            if name in self.stages and name not in self._keys:
                self.make(name)
        self._keys[until] = self._key(one)
        stamp = self.folder / f"{until}.key"
        fresh = not (stamp.exists() and stamp.read_text() == self._keys[until])
        if fresh:
            stamp.unlink(missing_ok=True)
            self._begin(one)
        else:
            log(f"{until}: as it was")
        self._carry_out(one, for_real=fresh)
        stamp.write_text(self._keys[until])

    # -- one stage

    def _key(self, one: stage) -> str:
        """Changes with what the stage is made of: its base, its instructions, arguments and files."""
        asked = {name for each in one.all("ARG") for name in assignments(each.text, {})}
        given = sorted((name, value) for name, value in self._arguments.items() if name in asked)
        state = hashlib.sha256(f"{self._keys.get(one.base, one.base)} {given}".encode())
        for each in one.instructions:
            state.update(f"{each.word} {sorted(each.flags.items())} {each.text}".encode())
            if each.word == "COPY":
                *sources, _ = each.text.split()
                inside = each.flags.get("from")
                state.update((self._keys[inside] if inside else "").encode())
                for source in sources if not inside else ():
                    state.update(self._context.digest(source).encode())
        return state.hexdigest()

    def _begin(self, one: stage) -> None:
        root = self.root_of(one.name)
        subprocess.run(["rm", "-rf", "--one-file-system", str(root)], check=True)
        if one.base in self.stages:
            log(f"{one.name}: begins as a copy of {one.base}")
            subprocess.run(["cp", "-a", "--reflink=auto", str(self.root_of(one.base)), str(root)], check=True)
            return
        found = re.fullmatch(r"debian:([a-z]+)-\d{8}-slim", one.base)
        assert found, f"{one.base}: only Debian can be made here"
        log(f"{one.name}: debootstrap {found[1]}")
        self.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", found[1], str(root)], check=True, stdout=sys.stderr
        )
        sources = root / "etc/apt/sources.list"
        first = sources.read_text(encoding="utf-8").split()
        mirror = first[1].rstrip("/")
        security = mirror.removesuffix("/debian") + "/debian-security"
        sources.write_text(
            f"deb {mirror} {found[1]} main\ndeb {mirror} {found[1]}-updates main\n"
            f"deb {security} {found[1]}-security main\n",
            encoding="utf-8",
        )
        for pattern in HOST_FILES:
            for file in Path("/").glob(pattern):
                target = root / file.relative_to("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                if file.is_dir():
                    shutil.copytree(file, target, dirs_exist_ok=True)
                else:
                    target.unlink(missing_ok=True)
                    shutil.copy(file.resolve(), target)

    def _carry_out(self, one: stage, for_real: bool) -> None:
        variables = dict(self._variables.get(one.base, {}))
        arguments: dict[str, str] = {}
        workdir = self._workdirs.get(one.base, "/")
        root = self.root_of(one.name)
        for each in one.instructions:
            known = {**arguments, **variables}
            if each.word == "ARG":
                given = assignments(each.text, known)
                arguments |= {name: self._arguments.get(name, value) for name, value in given.items()}
            elif each.word == "ENV":
                variables |= assignments(each.text, known)
            elif each.word == "WORKDIR":
                workdir = os.path.join(workdir, substitute(each.text, known))
                if for_real:
                    (root / workdir.lstrip("/")).mkdir(parents=True, exist_ok=True)
            elif each.word == "COPY" and for_real:
                self._copy(each, root / workdir.lstrip("/"), root)
            elif each.word == "RUN" and for_real:
                self._run(one.name, each, {**known}, workdir)
        self._variables[one.name] = variables
        self._workdirs[one.name] = workdir

    def _copy(self, each: instruction, workdir: Path, root: Path) -> None:
        *sources, target = each.text.split()
        into = root / target.lstrip("/") if target.startswith("/") else workdir / target
        for source in sources:
            if "from" in each.flags:
                start = self.root_of(each.flags["from"]) / source.lstrip("/")
                files = [start] if start.is_file() else [one for one in start.rglob("*") if one.is_file()]
            else:
                start = self._context.root / source
                files = self._context.files(source)
            assert start.exists(), f"line {each.line}: there is no {source}"
            for file in files:
                whole = into / file.name if target.endswith("/") else into
                place = into / file.relative_to(start) if start.is_dir() else whole
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, place)
                os.chown(place, 0, 0)
            if start.is_dir():
                into.mkdir(parents=True, exist_ok=True)

    def _run(self, name: str, each: instruction, variables: dict[str, str], workdir: str) -> None:
        log(f"{name}, line {each.line}: {each.text[:110]}")
        host = {key: value for key, value in os.environ.items() if HOST_VARIABLES.fullmatch(key)}
        begun = time.monotonic()
        command = ["/bin/sh", "-c", each.text]
        cache = self._cache_of(each)
        known = {**host, **variables}
        inside = command_in(self.root_of(name), command, known, folder=workdir, cache=cache)
        subprocess.run(inside, check=True, stdout=sys.stderr)
        log(f"{name}, line {each.line}: {time.monotonic() - begun:.0f} s")

    def _cache_of(self, each: instruction) -> str:
        """Of RUN --mount=type=cache,target=FOLDER: a folder beside the stages, for every build the same."""
        if "mount" not in each.flags:
            return ""
        found = re.fullmatch(r"type=cache,target=(/\S+)", each.flags["mount"])
        assert found, f"line {each.line}: only one mount, of type cache"
        return f"{self.folder / 'cache'}{found[1]}:{found[1]}"

    # -- what was made

    def program(self, name: str, data: Path, over: dict[str, str]) -> list[str]:
        """The command line that starts what that stage is for, as `inside`."""
        one = self.stages[name]
        words = exec_form(one.last("ENTRYPOINT").text) + exec_form(one.last("CMD").text)
        return self.inside(name, words, data, over)

    def health_check(self, name: str, data: Path, over: dict[str, str]) -> list[str]:
        return self.inside(name, exec_form(self.stages[name].last("HEALTHCHECK").text), data, over)

    def inside(self, name: str, words: Sequence[str], data: Path, over: dict[str, str]) -> list[str]:
        """The command line that runs `words` as the stage's user, the root read-only, `data` as /data."""
        one = self.stages[name]
        return command_in(
            self.root_of(name),
            words,
            {**self._variables[name], **over},
            user=one.last("USER").text,
            folder=one.last("WORKDIR").text,
            data=data,
        )


def main() -> int:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--folder", type=Path, required=True, help="where the stages are made")
    reader.add_argument("--until", default="runtime", help="the last stage to make")
    reader.add_argument("--arg", action="append", default=[], metavar="NAME=VALUE", help="a build argument")
    given = reader.parse_args()
    arguments = dict(one.split("=", 1) for one in given.arg)
    image(given.folder.resolve(), arguments).make(given.until)
    return 0


if __name__ == "__main__":
    sys.exit(main())
