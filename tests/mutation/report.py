"""What became of the faults, as a page of the documentation."""

import subprocess

VERDICTS = {"caught": "caught", "survived": "**survived**", "unbuilt": "**does not compile**", None: "not run"}


def verdict(result):
    """A fault is caught if every suite that is named for it fails."""
    if result is None:
        return None
    if result["complaint"]:
        return "unbuilt"
    return "survived" if any(run["passed"] for run in result["suites"].values()) else "caught"


def caught_by(result):
    """What each suite made of it: the first test that failed, or nothing."""
    if not result or result["complaint"]:
        return ""
    return "; ".join(f"{suite}: {run['how'] or 'nothing'}" for suite, run in result["suites"].items())


def seconds(result):
    if result is None:
        return ""
    return f"{result['build_seconds'] + sum(run['seconds'] for run in result['suites'].values()):.0f}"


def in_table(text):
    return text.replace("|", "\\|").replace("_", "\\_").replace("<", "&lt;")


def summary(faults, results):
    verdicts = [verdict(results.get(fault.id)) for fault in faults]
    words = f"{verdicts.count('caught')} of {len(faults)} faults planted one at a time were caught."
    for name, number in (("survived", verdicts.count("survived")), ("did not compile", verdicts.count("unbuilt")),
                         ("were not run", verdicts.count(None))):
        if number:
            words += f" {number} {name}."
    return words


def markdown(faults, results):
    compiler = subprocess.run(["g++", "-dumpfullversion"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    lines = [
        f"**{summary(faults, results)}** Compiled by g++ {compiler} as in the release build; the seconds are those of "
        "compiling what the fault changes and of running the suites.", "",
        "| Fault | In | Result | Caught by | Seconds |", "|---|---|---|---|---:|"]
    for fault in faults:
        result = results.get(fault.id)
        lines.append(
            f"| {in_table(fault.reason)} | {in_table(fault.file)} | {VERDICTS[verdict(result)]} | "
            f"{in_table(caught_by(result))} | {seconds(result)} |")
    return "\n".join(lines) + "\n"
