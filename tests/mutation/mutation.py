#!/usr/bin/env python3
"""Plants faults in a copy of the sources, one at a time, and reports which suites notice them: all named for it must.

A result is kept, so that a run can be interrupted and go on, until the fault, its file or a suite named for it changes:
first in a folder, then beside the report.
"""

import argparse
import fcntl
import hashlib
import json
import pathlib
import re
import sys

from faults import read_faults
from report import caught_by, markdown, seconds, summary, verdict
from workshop import Workshop

ROOT = pathlib.Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "output" / "verification_mutation.md"


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="ID", help="only these faults, in this order")
    parser.add_argument("--list", action="store_true", help="list the faults and what became of them, and do nothing")
    parser.add_argument("--check", action="store_true", help="only whether each fault can be planted")
    parser.add_argument("--again", action="store_true", help="also the faults whose result is known")
    parser.add_argument("--jobs", type=int, default=1, help="how many files are compiled at a time")
    parser.add_argument(
        "--folder", type=pathlib.Path, default=ROOT / "build" / "mutation", help="where results are kept")
    parser.add_argument("--copy", type=pathlib.Path, help="where the copy is built (default: FOLDER/source)")
    parser.add_argument(
        "--report", action="store_true", help=f"write the table, {REPORT.relative_to(ROOT)}, and the results beside it")
    return parser.parse_args()


def code(text):
    """The text without comments and empty lines."""
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*', lambda found: found[0] if found[0][0] == '"' else "", text)
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def digest(fault, root):
    """Of what a result depends on most directly, in this tree."""
    tests = root / "tests"
    files = [root / fault.file]
    for suite in fault.suites:
        files += [tests / f"{suite}_test.cpp", *sorted((tests / suite).glob("*.[ch]pp"))]
    parts = [repr(fault), *(code(file.read_text()) for file in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Results:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        published = REPORT.with_suffix(".json")
        self.published = json.loads(published.read_text()) if published.exists() else {}

    def known(self, faults):
        """Results of faults that are as they were then."""
        found = {}
        for fault in faults:
            path = self.folder / f"{fault.id}.json"
            kept = [json.loads(path.read_text())] if path.exists() else []
            for result in [*kept, self.published.get(fault.id)]:
                if result and result["digest"] == digest(fault, ROOT):
                    found.setdefault(fault.id, result)
        return found

    def keep(self, fault, result):
        path = self.folder / f"{fault.id}.json"
        path.with_suffix(".new").write_text(json.dumps(result, indent=1))
        path.with_suffix(".new").rename(path)


def publish(faults, known):
    REPORT.write_text(markdown(faults, known))
    text = json.dumps({fault.id: known[fault.id] for fault in faults if fault.id in known}, indent=1)
    REPORT.with_suffix(".new").write_text(text + "\n")
    REPORT.with_suffix(".new").rename(REPORT.with_suffix(".json"))


def baseline(workshop, faults, file):
    """The seconds of each suite without a fault. All must pass, or a failure would prove nothing. A program that has
    passed is not run again."""
    times, passed = {}, json.loads(file.read_text()) if file.exists() else {}
    for preset in sorted({fault.preset for fault in faults}):
        suites = sorted({suite for fault in faults if fault.preset == preset for suite in fault.suites})
        print(f"mutation: {len(suites)} suites without a fault ({preset})", file=sys.stderr)
        complaint, _ = workshop.build(preset, suites)
        if complaint:
            sys.exit(complaint)
        for suite in suites:
            key = hashlib.sha256(workshop.program(preset, suite).read_bytes()).hexdigest()
            if key not in passed:
                run = workshop.run(preset, suite, 600)
                if not run["passed"]:
                    sys.exit(f"mutation: {suite} fails without a fault: {run['how']}")
                passed[key] = run["seconds"]
                file.write_text(json.dumps(passed, indent=1))
            times[preset, suite] = passed[key]
    return times


def result_of(workshop, fault, times):
    """Plants the fault, builds and runs its suites, and takes it out again."""
    path = workshop.copy / fault.file
    text, planted_in = path.read_text(), digest(fault, workshop.copy)
    try:
        path.write_text(fault.planted_in(text))
        complaint, build_seconds = workshop.build(fault.preset, fault.suites)
        runs = {} if complaint else {
            suite: workshop.run(fault.preset, suite, max(60, 20 * times[fault.preset, suite]))
            for suite in fault.suites}
    finally:
        path.write_text(text)
    return {"digest": planted_in, "complaint": complaint, "build_seconds": round(build_seconds, 2), "suites": runs}


def line_of(fault, result):
    text = f"{fault.id}: {verdict(result) or 'not run'}"
    return f"{text} ({seconds(result)} s) {caught_by(result) or result['complaint']}" if result else text


def work(options, faults, chosen, results, known):
    copy = options.copy or options.folder / "source"
    copy.mkdir(parents=True, exist_ok=True)
    workshop = Workshop(ROOT, copy.resolve(), options.jobs)
    with open(options.folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        workshop.synchronize()
        times = baseline(workshop, chosen, options.folder / "passed.json")
        for number, fault in enumerate(chosen, 1):
            known[fault.id] = result_of(workshop, fault, times)
            results.keep(fault, known[fault.id])
            print(f"[{number}/{len(chosen)}] {line_of(fault, known[fault.id])}", file=sys.stderr, flush=True)
            if options.report:
                publish(faults, known)


def main():
    options = parsed()
    try:
        faults = read_faults(ROOT)
    except ValueError as error:
        sys.exit(f"mutation: faults that cannot be planted:\n{error}")
    named = {fault.id: fault for fault in faults}
    unknown = set(options.only or []) - set(named)
    if unknown:
        sys.exit(f"mutation: there is no fault {', '.join(sorted(unknown))}; see --list")
    if options.check:
        return 0
    results = Results(options.folder / "results")
    known = results.known(faults)
    selected = [named[name] for name in options.only] if options.only else faults
    if options.list:
        print("\n".join(line_of(fault, known.get(fault.id)) for fault in selected))
        return 0
    chosen = [fault for fault in selected if options.again or fault.id not in known]
    if chosen:
        work(options, faults, chosen, results, known)
    if options.report:
        publish(faults, known)
    print(f"mutation: {summary(faults, known)}", file=sys.stderr)
    return 0 if all(verdict(known.get(fault.id)) == "caught" for fault in selected) else 1


if __name__ == "__main__":
    sys.exit(main())
