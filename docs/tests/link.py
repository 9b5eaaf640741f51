#!/usr/bin/env python3
"""Adds to each public name of the generated pages links to the cases that test it. A name without any is an error.

Doxygen's tag file says where each name is explained. A case is taken to test a name if its code says it: a function that
is called, a type that is named, a member that is reached through a point or an arrow where its class is named as well.
"""

import html
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from suites import COMMENT, Part, Suite, read_suites

MOST = 3  # links to a name
TYPES = {"class", "struct", "concept"}
NOT_OURS = re.compile(r"\b(?:std|ranges|fmt|boost|filesystem|fs)::(?:\w+::)*\w+")
IDENTIFIER = re.compile(r"(\.|->|::)?\s*\b([A-Za-z_]\w*)\b\s*([(<{]?)")


@dataclass(frozen=True)
class Name:
    text: str
    owner: str  # the class, or nothing
    kind: str
    file: str
    anchor: str  # or nothing: the whole page is about it

    def __str__(self) -> str:
        return f"{self.owner}::{self.text}" if self.owner else self.text


@dataclass
class Place:
    """A case, or what is around the cases of a file, with what its code says."""

    suite: Suite
    part: Part
    words: set[str]  # all identifiers
    free: set[str]  # those not after a point or an arrow
    reached: set[str]  # those after a point, an arrow or two colons
    title: set[str]
    file_words: set[str]

    def link(self) -> str:
        title = html.escape(self.part.title)
        return f'<a href="{self.suite.page}.html#{self.part.anchor}">{self.suite.name}: {title}</a>'


def public_names(tags: Path) -> list[Name]:
    names = []
    for compound in ElementTree.parse(tags).getroot().iter("compound"):
        kind, full, file = compound.get("kind"), compound.findtext("name"), compound.findtext("filename")
        if kind in TYPES:
            names.append(Name(full.split("<")[0].split("::")[-1], "", kind, file, ""))
        if kind not in TYPES | {"namespace"}:
            continue
        owner = full.split("<")[0].split("::")[-1] if kind in TYPES else ""
        for member in compound.iter("member"):
            text = member.findtext("name")
            if member.get("kind") == "friend" or not re.fullmatch(r"[A-Za-z]\w*", text) or text == owner:
                continue
            names.append(Name(text, owner, member.get("kind"), member.findtext("anchorfile"), member.findtext("anchor")))
    return names


def places(suites: list[Suite]) -> list[Place]:
    found = []
    for suite in suites:
        of_file: set[str] = set()
        mine = []
        for part in suite.parts:
            code = NOT_OURS.sub(" ", COMMENT.sub("", part.code))
            uses = [match.groups() for match in IDENTIFIER.finditer(code)]
            words = {word for _, word, _ in uses}
            of_file |= words
            mine.append(Place(
                suite, part, words, {word for before, word, _ in uses if before not in (".", "->")},
                {word for before, word, _ in uses if before}, set(part.title.lower().split()), of_file))
        found += mine
    return found


def tests(name: Name, place: Place) -> bool:
    if not name.owner:
        return name.text in place.free
    return name.text in place.reached and name.owner in place.file_words or {name.text, name.owner} <= place.words


def closeness(name: Name, place: Place) -> float:
    """Large where the title of a case or of its suite says the name, small where the code says many others."""
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", name.text)}
    row = f'"{name.text}"' in place.part.code and place.suite.name == "op_table"
    return (4 * (words <= place.title) + 4 * (name.text in place.suite.name) + 3 * row + place.part.is_case
            + (name.owner in place.words if name.owner else 0) + 20 / (20 + len(place.words)))


def text_for(name: Name, found: list[Place]) -> str:
    best = sorted(found, key=lambda place: -closeness(name, place))[:MOST]
    more = f" and {len(found) - len(best)} more" if len(found) > len(best) else ""
    links = "<br />\n".join(place.link() for place in best)
    return f'<dl class="section tests"><dt>Tests</dt><dd>{links}{more}</dd></dl>\n'


def end_of_text(page: str, name: Name) -> int:
    """Where the explanation of a name ends, or -1."""
    if name.anchor:
        start = page.find(f'<a id="{name.anchor}"')
        start = page.find('<div class="memdoc">', start) if start >= 0 else -1
        if start < 0:
            return -1
        next_one = re.compile(r'\n<a id="|<h2 class="groupheader">|<hr/>|</div><!-- contents -->').search(page, start)
        return page.rfind("</div>\n</div>", start, next_one.start())
    start = page.find('<div class="textblock">')
    if start < 0:
        return page.find("<hr/>The documentation for this")
    next_one = re.compile(r'<h2 class="(?:groupheader|memtitle)">|<hr/>The documentation|</div><!-- contents -->').search(page, start)
    return page.rfind("</div>", start, next_one.start())


def main() -> int:
    tags, tests_folder, pages = map(Path, sys.argv[1:])
    all_places = places(read_suites(tests_folder))
    additions: dict[str, list[tuple[int, str]]] = defaultdict(list)
    texts: dict[str, str] = {}
    untested, linked = set(), 0
    for name in public_names(tags):
        found = [place for place in all_places if tests(name, place)]
        if not found:
            untested.add(str(name))
            continue
        if name.file not in texts:
            texts[name.file] = (pages / name.file).read_text()
        at = end_of_text(texts[name.file], name)
        if at >= 0:
            additions[name.file].append((at, text_for(name, found)))
            linked += 1
    for file, added in additions.items():
        for at, text in sorted(set(added), reverse=True):
            texts[file] = texts[file][:at] + text + texts[file][at:]
        (pages / file).write_text(texts[file])
    print(f"{linked} public names with links to their tests")
    if untested:
        print(f"error: no test says {', '.join(sorted(untested))}", file=sys.stderr)
    return 1 if untested else 0


if __name__ == "__main__":
    sys.exit(main())
