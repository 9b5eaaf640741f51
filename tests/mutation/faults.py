"""Faults: changes of the sources, which the suites named for them have to notice. They are data, in faults/*.toml."""

import dataclasses
import pathlib
import tomllib


@dataclasses.dataclass(frozen=True)
class Fault:
    """In `file`, `new` stands in the place of `old`, which occurs there exactly once."""

    id: str
    file: str
    old: str
    new: str
    suites: tuple[str, ...]
    reason: str
    preset: str = "release"  # of CMake, for faults that only a sanitizer sees

    def planted_in(self, text):
        return text.replace(self.old, self.new)


def read_faults(root):
    """All faults. Raises ValueError, with all that is wrong with the tables, before anything is built."""
    faults, wrong = [], []
    for table in sorted((pathlib.Path(__file__).parent / "faults").glob("*.toml")):
        for entry in tomllib.loads(table.read_text())["fault"]:
            try:
                fault = Fault(**{**entry, "suites": tuple(entry["suites"])})
            except (KeyError, TypeError) as error:
                wrong.append(f"{table.name}: {entry.get('id', entry)}: {error}")
                continue
            if any(fault.id == other.id for other in faults):
                wrong.append(f"{table.name}: {fault.id}: the name is given twice")
            faults.append(fault)
            wrong += [f"{table.name}: {fault.id}: {text}" for text in mistakes(root, fault)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return faults


def mistakes(root, fault):
    path = root / fault.file
    if not path.is_file():
        yield f"there is no {fault.file}"
        return
    count = path.read_text().count(fault.old)
    if count != 1:
        yield f"its old text occurs {count} times in {fault.file}; it must be there exactly once"
    if fault.old == fault.new:
        yield "its new text is the old one"
    if not fault.suites:
        yield "no suite is named"
    for suite in fault.suites:
        if not (root / "tests" / f"{suite}_test.cpp").is_file():
            yield f"there is no suite {suite}"
