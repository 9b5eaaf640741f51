#!/usr/bin/env python3
"""Checks the list of sources: each work that pages, code or tests cite is in it, and each work in it is cited."""

import re
import sys
from pathlib import Path

WORK = re.compile(r"^- (?:★ )?(.+?) \((\d{4})\)\.", re.MULTILINE)
NAME = r"[A-Z][\w'’-]+"
CITATION = re.compile(rf"({NAME})(?:(?:,? and |, ){NAME}(?: {NAME})?)*(?:,? and others|,? et al\.)? ?\(?((?:18|19|20)\d\d)\b")
NO_WORKS = {"RFC", "Key"}  # a standard; a key of random numbers, after which a year stands
FOLDERS = ("docs", "autodiff", "nn", "examples", "tests", "benchmarks")


def works(text: str) -> set[tuple[str, str]]:
    """Surname of the first author and year."""
    return {(re.split(r",| and ", authors)[0].split()[-1], year) for authors, year in WORK.findall(text)}


def citations(root: Path, listed: Path) -> dict[tuple[str, str], str]:
    """Where each work is cited, once."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.[mhc]*")):
        if path.suffix not in {".md", ".hpp", ".cpp"} or path == listed or "output" in path.parts:
            continue
        text = re.sub(r"\n\s*(?://+ ?)?\s*", " ", path.read_text(encoding="utf-8"))
        for match in CITATION.finditer(text):
            if match[1] not in NO_WORKS:
                found.setdefault((re.sub(r"['’]s?$", "", match[1]), match[2]), str(path.relative_to(root)))
    return found


def main() -> int:
    root = Path(sys.argv[1])
    listed = root / "docs" / "story" / "sources.md"
    all_works, cited = works(listed.read_text(encoding="utf-8")), citations(root, listed)
    faults = [f"{name} {year}, in {cited[name, year]}, is not in the list of sources" for name, year in sorted(cited.keys() - all_works)]
    faults += [f"{name} {year}, of the list of sources, is cited nowhere" for name, year in sorted(all_works - cited.keys())]
    print(f"{len(all_works)} sources, each of them cited" if not faults else "\n".join(f"error: {fault}" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
