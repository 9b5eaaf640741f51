#!/usr/bin/env python3
"""From the tables of ratios that scalar_benchmark writes: what function and gradient take, in each of its builds."""

import re
import sys
from pathlib import Path


def builds(text: str) -> dict[str, dict[str, dict[str, str]]]:
    """By the compiler's flags and the workload, the cells by their columns."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    rows: dict[str, dict[str, str]] = {}
    columns: list[str] = []
    for line in text.splitlines():
        if flags := re.search(r"`(-O.*?)`", line):
            rows = found.setdefault(flags[1], {})
        cells = [cell.strip(" *") for cell in line.strip("|").split("|")]
        if line.startswith("| |"):
            columns = cells
        elif line.startswith("| "):
            rows[cells[0]] = dict(zip(columns, cells))
    return found


def microseconds(time: float) -> str:
    return f"{time:.0f}" if time >= 100 else f"{time:.3g}"


def main() -> None:
    tables = builds(Path(sys.argv[1]).read_text(encoding="utf-8"))
    primal = {flags: {name: float(row["primal, µs"]) for name, row in rows.items()} for flags, rows in tables.items()}
    lines = ["| |" + "".join(f" {what}, `{flags}` |" for what in ("function", "gradient") for flags in tables),
             "|---|" + "--:|" * 2 * len(tables)]
    for name in next(iter(tables.values())):
        functions = [primal[flags][name] for flags in tables]
        gradients = [primal[flags][name] * float(rows[name]["plain"]) for flags, rows in tables.items()]
        lines.append(f"| {name} |" + "".join(f" {microseconds(time)} |" for time in functions + gradients))
    Path(sys.argv[2]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
