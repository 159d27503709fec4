"""What SECURITY.md and its table of OWASP's ASVS say: of every requirement, and nothing of what is not there."""

import re

from tests.house.test_readme import ROOT, there_are

ASVS = (ROOT / ".github" / "ASVS.md").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")

# How many of ASVS 5.0 are of level 1 or 2, by section: in each the first so many. V10 and V17 are of nothing here.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3,
    "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip


def answered(text: str) -> list[str]:
    """The numbers of the rows, each alone."""
    numbers = []
    for row in re.findall(r"^\| (\d[\d., –]*) \|", text, re.MULTILINE):
        for part in row.split(", "):
            first, _dash, last = part.partition("–")
            section, _dot, number = first.rpartition(".")
            numbers += [f"{section}.{n}" for n in range(int(number), int((last or first).rpartition(".")[2]) + 1)]
    return numbers


def test_every_requirement_of_the_standard_has_its_row_and_what_is_named_is_there() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert answered(ASVS.split("## Of level 3")[0]) == wanted
    for path, name in re.findall(r"`(\w+/[\w/]+\.py)(?:::(test_\w+))?`", ASVS + SECURITY):
        assert (ROOT / path).is_file(), path
        assert not name or name in there_are(path), name
