"""Reads messages and views, as JSON on stdin, with the models of Slack's own Python SDK."""

import json
import logging
import sys

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View


class Remembered(logging.Handler):
    """The models skip what they do not know and only warn."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def without_nothing(value):
    if isinstance(value, list):
        return [without_nothing(each) for each in value]
    if not isinstance(value, dict):
        return value
    pairs = ((name, without_nothing(each)) for name, each in value.items())
    return {name: each for name, each in pairs if each not in (None, "", [])}


def lost(given, read, at=""):
    """Where the SDK reads something else than what was given."""
    if isinstance(given, dict) and isinstance(read, dict):
        return [line for name in given for line in lost(given[name], read.get(name), f"{at}/{name}")]
    if isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        return [line for i, each in enumerate(given) for line in lost(each, read[i], f"{at}/{i}")]
    return [] if given == read else [f"{at}: {json.dumps(given)} became {json.dumps(read)}"]


def read(item):
    given = item["given"]
    if item["kind"] in ("modal", "home"):
        return [(given, View(**given).to_dict())]
    # Each block by itself, because a skipped one leaves no gap.
    parsed = [(block, Block.parse_all([block])) for block in given.get("blocks") or []]
    return [(block, found[0].to_dict()) for block, found in parsed if found and found[0]]


def main():
    warnings = Remembered()
    logging.getLogger("slack_sdk").addHandler(warnings)
    report = {"read": 0, "unknown": [], "wrong": []}
    for item in json.load(sys.stdin):
        warnings.lines.clear()
        try:
            pairs = read(item)
            report["read"] += 1
        except Exception as error:
            pairs = []
            report["wrong"].append({"id": item["id"], "why": f"{type(error).__name__}: {error}"})
        where = [line for given, found in pairs for line in lost(without_nothing(given), without_nothing(found))]
        report["unknown" if warnings.lines else "wrong"] += [{"id": item["id"], "why": line} for line in where]
        report["unknown"] += [{"id": item["id"], "why": line} for line in sorted(set(warnings.lines))]
    json.dump(report, sys.stdout)


main()
