"""The public names, with the place that explains each, from Doxygen's tag file; and which header stands on which."""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

TYPES = {"class", "struct", "concept"}
INCLUDE = re.compile(r"^#include <((?:autodiff|nn)/[\w/]+\.hpp)>", re.MULTILINE)


@dataclass(frozen=True)
class Name:
    text: str
    owner: str  # the class, or nothing
    header: str
    page: str
    anchor: str  # or nothing: the whole page is about it

    def __str__(self) -> str:
        return f"{self.owner}::{self.text}" if self.owner else self.text


def last_part(full: str) -> str:
    return full.split("<")[0].split("::")[-1]


def public_names(tags: Path, root: Path) -> list[Name]:
    compounds = list(ElementTree.parse(tags).getroot().iter("compound"))
    headers = {}
    for file in compounds:
        if file.get("kind") == "file":
            header = str(Path(file.findtext("path"), file.findtext("name")).relative_to(root))
            headers |= {member.findtext("anchor"): header for member in file.iter("member")}
            for each in (each.text for kind in TYPES for each in file.iter(kind)):
                headers[each] = header
                headers.setdefault(last_part(each), header)  # of a template that is only specialised
    names = []
    for compound in compounds:
        kind, full, page = compound.get("kind"), compound.findtext("name"), compound.findtext("filename")
        owner = own_header = ""
        if kind in TYPES:
            owner = last_part(full)
            own_header = headers.get(full) or headers.get(owner, "")
            names.append(Name(owner, "", own_header, page, ""))
        if kind in TYPES | {"namespace"}:
            for member in compound.iter("member"):
                text, anchor = member.findtext("name"), member.findtext("anchor")
                if re.fullmatch(r"[A-Za-z]\w*|operator\(\)", text) and text != owner and member.get("kind") != "friend":
                    header = own_header if owner else headers.get(anchor, "")
                    names.append(Name(text, owner, header, member.findtext("anchorfile"), anchor))
    return names


def headers_built_on(root: Path) -> dict[str, set[str]]:
    """For each header those whose code needs it: that include it, or whose sources do."""
    needed_by = defaultdict(set)
    for folder in ("autodiff", "nn"):
        for path in (root / folder).rglob("*.[ch]pp"):
            own = str(path.relative_to(root).with_suffix(".hpp"))
            for header in INCLUDE.findall(path.read_text()):
                needed_by[header].add(own)
    return {header: others - {header} for header, others in needed_by.items()}
