"""Every link of the pages to one another leads to a file, and to a place in it, that is there."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The names that a page can be linked at, and what it links to."""

    def __init__(self, path: Path):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in ("href", "src", "data", "xlink:href") and value:
                self.links.append(value)


# Written by Doxygen 1.9.4 also where all nested classes are left out and the section is not there.
EMPTY_SECTION = "nested-classes"
# A private base class: Doxygen links to its page, and writes none.
UNWRITTEN = {"structautodiff_1_1Program_1_1Step.html"}


def links_of_scripts(html: Path):
    """The search and the pages' tree keep theirs in scripts. In the tree only pages count: of what a namespace documents
    Doxygen 1.9.4 gives the place in the header's page, too, where there is none. (navtreeindex*.js are no links.)
    """
    for script in [*html.glob("*.js"), *html.glob("search/*.js")]:
        if script.name.startswith("navtreeindex"):
            continue
        is_tree = script.parent == html
        for link in re.findall(r"""["']((?:\.\./)?[\w-]+\.html(?:#\w+)?)["']""", script.read_text(encoding="utf-8").partition("var NAVTREEINDEX")[0]):
            link = link.removeprefix("../")
            yield script.relative_to(html), link.partition("#")[0] if is_tree else link


def check_links(html: Path) -> tuple[int, list[str]]:
    """How many links there are within the documentation, and what is wrong with some."""
    pages = {path.name: Page(path) for path in html.glob("*.html")}
    links = {(name, link) for name, page in pages.items() for link in page.links}
    links |= set(links_of_scripts(html))
    count, faults = 0, []
    for source, link in sorted(links, key=str):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            if parts.scheme == "http":
                faults.append(f"{source}: {link} is not https")
            continue
        count += 1
        target = unquote(parts.path) or str(source)
        if target in pages:
            place = unquote(parts.fragment)
            if place and place != EMPTY_SECTION and place not in pages[target].anchors:
                faults.append(f"{source}: {link}: there is no such place")
        elif target not in UNWRITTEN and not (html / target).exists():
            faults.append(f"{source}: {link}: there is no such file")
    return count, faults
