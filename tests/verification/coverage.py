"""coverage.py FILE: the share of lines that the suites execute, from gcovr's summary in JSON, as Markdown.

One row for each folder; the files that stay below the goal are named.
"""

import collections
import json
import os
import subprocess
import sys

GOAL = 95  # percent


def percent(covered, total):
    """Rounded down, so that 100 says that all are."""
    return f"{int(1000 * covered / total) / 10:.1f} %" if total else "–"


def folder_rows(files):
    sums = collections.defaultdict(lambda: [0, 0, 0])
    for file in files:
        for name in (os.path.dirname(file["filename"]), "all"):
            for i, number in enumerate((1, file["line_total"], file["line_covered"])):
                sums[name][i] += number
    yield "| Folder | Files | Lines | Executed | |"
    yield "|---|---:|---:|---:|---:|"
    for name in sorted(sums, key=lambda name: (name == "all", name)):
        count, total, covered = sums[name]
        shown = "**all**" if name == "all" else f"`{name}`"
        yield f"| {shown} | {count} | {total} | {covered} | {percent(covered, total)} |"


def low_rows(files):
    low = [file for file in files if 100 * file["line_covered"] < GOAL * file["line_total"]]
    if not low:
        yield f"No file is below {GOAL} %."
        return
    yield f"Below {GOAL} %:"
    yield ""
    yield "| File | Lines | Not executed | |"
    yield "|---|---:|---:|---:|"
    for file in sorted(low, key=lambda file: file["line_covered"] / file["line_total"]):
        total, covered = file["line_total"], file["line_covered"]
        yield f"| `{file['filename']}` | {total} | {total - covered} | {percent(covered, total)} |"


def main():
    with open(sys.argv[1], encoding="utf-8") as summary:
        files = json.load(summary)["files"]
    compiler = subprocess.run(["g++", "-dumpfullversion"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    print(*folder_rows(files), "", *low_rows(files), "", sep="\n")
    print(f"Counted by g++ {compiler} (`--coverage -Og`) and gcovr.")


main()
