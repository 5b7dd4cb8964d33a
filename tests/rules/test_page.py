"""The page about rules says what the code does."""

import re
from pathlib import Path

from consular.rules import limits

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
CODES = re.compile(r'Finding\(\s*"([a-z]+)"')


def test_the_limits_on_the_page_are_those_in_force() -> None:
    told = [
        int(number.replace(",", "")) for number in re.findall(r"^\| .* \| ([0-9,]+) \|$", PAGE, re.MULTILINE)
    ]
    assert told == [
        limits.TEXT, limits.DEPTH, limits.STEPS, limits.CALLS, limits.ITEMS, limits.STRING, limits.PATTERN,
        limits.FILE, limits.ELEMENTS, limits.TEXTS,
    ]  # fmt: skip


def test_every_code_of_the_check_is_explained() -> None:
    source = Path(__file__).parents[2] / "consular" / "rules" / "check.py"
    explained = re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE)
    assert sorted(explained) == sorted(set(CODES.findall(source.read_text("utf-8"))))
