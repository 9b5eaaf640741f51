#!/usr/bin/env python3
"""Completes the generated pages: each public name has words, and links to the cases that test it.

An overload without words takes those of another one, a member of a specialisation those of another specialisation, and
an op those of its rule (exp of exp_rule); a name, member or value of an enumeration that then has none is an error.
Constructors, destructors, operators other than a call, and the types that the standard library asks for need none.

A case is taken to test a name if its code says it: a function that is called, a type that is named, a member that is reached
where its class is named as well. What no case says is tested through the rest of its header; and a header of which no
case says anything, through those that need it. A name without any case is an error.
"""

import html
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from names import Name, headers_built_on, public_names
from suites import COMMENT, Part, Suite, read_suites

MOST = 3  # links at a name
OTHERS = re.compile(r"\b(?:std|ranges|fmt|boost|filesystem)::(?:\w+::)*\w+")
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
INITIAL_VALUE = re.compile(r"<b>Initial value:</b>.*?</div><!-- fragment -->", re.DOTALL)
VALUES = re.compile(r'<table class="fieldtable">.*?</table>', re.DOTALL)
VALUE_WITHOUT_WORDS = re.compile(r'<a id="\w+"[^>]*></a>(\w+)&#160;</td><td class="fielddoc"></td>')
NEEDS_NO_WORDS = {"value_type", "difference_type", "iterator_concept"}
IDENTIFIER = re.compile(r"(\.|->|::)?\s*\b([A-Za-z_]\w*)\b")
OWN_TYPE = re.compile(r"\b(?:struct|class|enum|concept|using)\s+(?:\[\[[^\]]*\]\]\s*)?([A-Z]\w*)(?=\s*(?:[{:=]|final\b))")


@dataclass
class Place:
    """A case, or what is around the cases of a file, with what its code says."""

    suite: Suite
    part: Part
    words: set[str]
    not_members: set[str]  # of the words, those not after a point or an arrow
    reached: set[str]  # those after a point, an arrow or two colons
    words_of_suite: set[str]
    own_types: set[str]  # of the suite, which may have a name of the library's

    def says(self, name: Name) -> bool:
        if name.text == "operator()":
            return name.owner in self.words - self.own_types
        if name.owner:
            return name.text in self.reached and name.owner in self.words_of_suite - self.own_types
        return name.text in self.not_members - self.own_types


def read_places(tests: Path) -> list[Place]:
    places = []
    for suite in read_suites(tests):
        words_of_suite: set[str] = set()
        own_types: set[str] = set()
        for part in suite.parts:
            code = OTHERS.sub(" ", STRING.sub('""', COMMENT.sub("", part.code)))
            own_types.update(OWN_TYPE.findall(code))
            uses = IDENTIFIER.findall(code)
            words = {word for _, word in uses}
            words_of_suite |= words
            places.append(Place(suite, part, words, {word for before, word in uses if before in ("", "::")},
                                {word for before, word in uses if before}, words_of_suite, own_types))
    return places


def closeness(name: Name, place: Place) -> float:
    """Large where titles say the name or its header, small where the code says much else."""
    title = set(place.part.title.lower().split())
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", name.text)}
    is_row = place.suite.name == "op_table" and f'"{name.text}"' in place.part.code
    return (4 * (words <= title) + 4 * (name.text in place.suite.name.split("_")) + 3 * is_row + place.part.is_case
            + 2 * (f"_{Path(name.header).stem}_" in f"_{place.suite.name}_") + (name.owner in place.words) + 20 / (20 + len(place.words)))


class Finder:
    def __init__(self, names: list[Name], places: list[Place], needed_by: dict[str, set[str]]):
        self.direct = {name: [place for place in places if place.says(name)] for name in names}
        self.needed_by = needed_by
        self.of_header: dict[str, dict[int, Place]] = defaultdict(dict)
        for name, found in self.direct.items():
            if not name.owner:
                self.of_header[name.header] |= {id(place): place for place in found}

    def find(self, name: Name) -> tuple[list[Place], str]:
        """The places, and what they test instead if it is not the name itself."""
        if self.direct[name]:
            return self.direct[name], ""
        level, seen = {name.header}, set()
        while level:
            tested = sorted(header for header in level if self.of_header[header])
            if tested:
                through = ", ".join(tested[:2]) + (" and others" if len(tested) > 2 else "")
                return list({key: place for each in tested for key, place in self.of_header[each].items()}.values()), through
            seen |= level
            level = {other for header in level for other in self.needed_by.get(header, ())} - seen
        return [], ""


def text_for(name: Name, places: list[Place], through: str) -> str:
    best = sorted(places, key=lambda place: -closeness(name, place))[:MOST]
    links = [f'<a href="{each.suite.page}.html#{each.part.anchor}">{each.suite.name}: {html.escape(each.part.title)}</a>'
             for each in best]
    more = f"<br />and {len(places) - len(best)} more" if len(places) > len(best) else ""
    title = f"Tests, through {through}" if through else "Tests"
    return f'<dl class="section tests"><dt>{title}</dt><dd>{"<br />".join(links)}{more}</dd></dl>\n'


TESTS = re.compile(r'<dl class="section tests">.*?</dl>\n', re.DOTALL)


def place_of_words(page: str, name: Name) -> tuple[int, int]:
    """Where what is said of a name begins and ends. Of a member that is only listed nothing is said: (-1, -1)."""
    if name.anchor:
        start = page.find(f'<a id="{name.anchor}"')
        opening, closing = '<div class="memdoc">', "</div>\n</div>"
        ends = r'\n<a id="|<h2 class="groupheader">|<hr/>|</div><!-- contents -->'
    else:
        start, opening, closing = 0, '<div class="textblock">', "</div>"
        ends = r'<h2 class="(?:groupheader|memtitle)">|<hr/>The doc|</div><!-- contents -->'
    start = page.find(opening, start) if start >= 0 else -1
    if start < 0:
        end = -1 if name.anchor else page.find("<hr/>The documentation for this")
        return end, end
    start += len(opening)
    return start, page.rfind(closing, start, re.compile(ends).search(page, start).start())


def is_said(words: str) -> bool:
    return bool(re.sub(r"<[^>]*>|\s", "", VALUES.sub("", INITIAL_VALUE.sub("", words))))


def words_elsewhere(names: list[Name], words: dict[Name, str]) -> dict[Name, str]:
    """For each name without words those of another overload, of another specialisation, or of its rule."""

    def scope(name: Name) -> str:
        return re.split(r"_3_01|\.html", name.page)[0] if name.owner else name.header  # Doxygen writes < as _3_01

    said: dict[tuple[str, ...], str] = {}
    for name in names:
        if is_said(words[name]):
            said.setdefault((scope(name), name.text), words[name])
            if name.text.endswith("_rule"):
                said.setdefault((name.text.removesuffix("_rule"),), INITIAL_VALUE.sub("", words[name]))

    def of_rule(name: Name) -> str:
        is_op = not name.owner and name.header.startswith(("autodiff/ops/", "autodiff/numbers/", "autodiff/rule.hpp"))
        return said.get((name.text,), "") if is_op else ""

    return {name: said.get((scope(name), name.text)) or of_rule(name)
            for name in names if not is_said(words[name])}


def main() -> int:
    tags, root, pages = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    names = public_names(tags, root)
    finder = Finder(names, read_places(root / "tests"), headers_built_on(root))
    texts = {page: TESTS.sub("", (pages / page).read_text()) for page in {name.page for name in names}}
    places = {name: place_of_words(texts[name.page], name) for name in names}
    words = {name: texts[name.page][start:end] for name, (start, end) in places.items()}
    elsewhere = words_elsewhere(names, words)
    additions, counts, untested = defaultdict(set), Counter(), set()
    for name in names:
        tests_of, through = finder.find(name)
        if not tests_of:
            untested.add(str(name))
            continue
        counts["through others" if through else "named by a test"] += 1
        if places[name][1] >= 0:
            additions[name.page].add((places[name][1], elsewhere.get(name, "") + text_for(name, tests_of, through)))
    for page, added in additions.items():
        for at, text in sorted(added, reverse=True):
            texts[page] = texts[page][:at] + text + texts[page][at:]
        (pages / page).write_text(texts[page])
    print(f"{len(names)} public names: " + ", ".join(f"{count} {how}" for how, count in counts.items()))
    unsaid = {f"{name} ({name.header})" for name, text in elsewhere.items() if not text and name.text not in NEEDS_NO_WORDS}
    unsaid |= {f"{name}::{value} ({name.header})" for name in names for value in VALUE_WITHOUT_WORDS.findall(words[name])}
    for what, found in (("no test reaches", untested), ("no words say what is", unsaid)):
        if found:
            print(f"error: {what} {', '.join(sorted(found))}", file=sys.stderr)
    return 1 if untested or unsaid else 0


if __name__ == "__main__":
    sys.exit(main())
