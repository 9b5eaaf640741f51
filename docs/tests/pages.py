#!/usr/bin/env python3
"""Writes a page of Markdown for every suite of tests, with its cases and their code, and one that lists the suites."""

import sys
from pathlib import Path

from suites import Suite, read_suites


def page(suite: Suite) -> str:
    text = [f"# {suite.name} {{#{suite.page}}}", "", suite.summary, ""]
    for part in suite.parts:
        title = part.title if part.is_case else f"In {part.title}"
        text += [f"## {title} {{#{part.anchor}}}", "", "~~~{.cpp}", part.code.rstrip("\n"), "~~~", ""]
    return "\n".join(text)


def contents(suites: list[Suite]) -> str:
    cases = sum(part.is_case for suite in suites for part in suite.parts)
    lines = [f"- \\subpage {suite.page} – {suite.summary}" for suite in suites]
    return "\n".join([
        "# The tests {#tests}", "",
        f"{len(suites)} suites with {cases} cases. Each public name of the reference leads to the cases whose code says it, or",
        "that say what is built on it; a name that no case reaches is an error when these pages are written.", "", *lines, ""])


def main() -> None:
    tests, output = map(Path, sys.argv[1:])
    suites = read_suites(tests)
    output.mkdir(parents=True, exist_ok=True)
    written = {"tests.md": contents(suites)} | {f"{suite.page}.md": page(suite) for suite in suites}
    for old in output.glob("*.md"):
        if old.name not in written:
            old.unlink()
    for name, text in written.items():
        (output / name).write_text(text)


if __name__ == "__main__":
    main()
