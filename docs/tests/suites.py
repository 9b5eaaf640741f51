"""The suites of tests as the pages show them: their files, cut into cases and what these share."""

import re
from dataclasses import dataclass, field
from pathlib import Path

GROUP = re.compile(r"BOOST_AUTO_TEST_SUITE\((\w+)")
CASE = re.compile(r"BOOST_AUTO_TEST_CASE(?:_TEMPLATE)?\((\w+)")
MARKER = re.compile(r"\s*//! \[.*\]\n?")  # of what \snippet quotes
COMMENT = re.compile(r"//[^\n]*")


@dataclass
class Part:
    """One case, or what is around the cases of a file."""

    title: str
    anchor: str
    code: str
    is_case: bool


@dataclass
class Suite:
    name: str
    summary: str
    parts: list[Part] = field(default_factory=list)

    @property
    def page(self) -> str:
        return f"tests_{self.name}"


def cut(path: Path, prefix: str) -> list[Part]:
    """The cases of a file, each with the comment above it, after what is around them."""
    around, cases, above, group = [], [], [], ""
    lines = iter(path.read_text().splitlines(keepends=True))
    for line in lines:
        if MARKER.fullmatch(line):
            continue
        if line.startswith("BOOST_AUTO_TEST_SUITE"):
            match = GROUP.match(line)
            group = f"{match[1]}: " if match else ""
        elif match := CASE.match(line):
            body = [*above, line]
            for following in () if line.rstrip().endswith("}") else lines:
                if not MARKER.fullmatch(following):
                    body.append(following)
                if following.startswith("}"):
                    break
            title = group + match[1]
            cases.append(Part(title.replace("_", " "), f"{prefix}_{title.replace(': ', '_')}", "".join(body), True))
            above = []
        elif line.startswith("//") and around:
            above.append(line)
        else:
            around += [*above, line]
            above = []
    if len(cases) != len(re.findall(r"^BOOST_\w*TEST_CASE", path.read_text(), re.MULTILINE)):
        raise ValueError(f"{path}: there are cases that are not laid out as cut() expects")
    text = "".join([*around, *above])
    shared = re.sub(r"^#.*\n|^using namespace .*\n", "", text, flags=re.MULTILINE)
    shared = re.sub(r"\n{3,}", "\n\n", shared.split("\n\n", 1)[-1]).strip("\n")
    if re.search(r"\w", COMMENT.sub("", shared)):
        cases.insert(0, Part(path.name, f"{prefix}_{path.stem}_file", shared + "\n", False))
    return cases


def summary_of(path: Path) -> str:
    """The first paragraph of the comment at the head of a file."""
    lines = []
    for line in path.read_text().splitlines():
        if not re.match(r"// *\w", line):
            break
        lines.append(line.lstrip("/ "))
    return " ".join(lines)


def read_suites(tests: Path) -> list[Suite]:
    """NAME_test.cpp, with the files of a folder NAME if there is one, as in tests/CMakeLists.txt."""
    suites = []
    for path in sorted(tests.glob("*_test.cpp")):
        name = path.stem.removesuffix("_test")
        suite = Suite(name, summary_of(path))
        for source in [path, *sorted((tests / name).glob("*.cpp"))]:
            suite.parts += cut(source, f"tests_{name}")
        suites.append(suite)
    return suites
