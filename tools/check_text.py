"""No committed file names this machine's folders or a package registry, or carries unfinished-work marks."""

import os
import re
import subprocess
import sys
from pathlib import Path

FORBIDDEN = {
    "the path of this checkout": re.escape(str(Path.cwd())) + r"\b",
    "the home folder of this machine": re.escape(os.path.expanduser("~")) + r"/\w",
    "the address of a package registry": r"https?://[^/\s\"']*(registry|npmjs|pypi|pythonhosted|crates)\b",
    "an address in a lock file": r'"resolved":\s*"http',
    "an index address": r"--(extra-)?index-url\s+\S",
    "a mark of unfinished work": r"\b(TO" + r"DO|FIX" + r"ME)\b",
}


def main() -> int:
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    patterns = {what: re.compile(pattern) for what, pattern in FORBIDDEN.items()}
    problems = 0
    for path in (Path(name) for name in listed):
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not text
        for number, line in enumerate(text.splitlines(), 1):
            for what, pattern in patterns.items():
                if pattern.search(line):
                    print(f"{path}:{number}: {what}")
                    problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
