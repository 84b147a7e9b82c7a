"""Writes a YAML file as JSON, keys in the same order. Dates stay text, as JSON has none."""

import json
import sys
from pathlib import Path

import yaml


class json_loader(yaml.SafeLoader):
    """SafeLoader without implicit dates."""


json_loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main() -> None:
    source, target = (Path(argument) for argument in sys.argv[1:3])
    document = yaml.load(source.read_text(encoding="utf-8"), Loader=json_loader)
    target.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


main()
