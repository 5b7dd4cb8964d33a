"""What is said about the layers is what is enforced."""

import re
import tomllib
from pathlib import Path

import consular

ROOT = Path(consular.__file__).parent
CONTRACT = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"][0]


def test_the_docstring_lists_the_layers_of_the_contract() -> None:
    told = [line.strip() for line in (consular.__doc__ or "").splitlines() if line.startswith("    ")]

    assert told == CONTRACT["layers"]


def test_the_architecture_page_lists_the_layers_of_the_contract() -> None:
    page = (ROOT.parent / "docs" / "architecture.md").read_text(encoding="utf-8")

    assert "\n".join(CONTRACT["layers"]) in page


def test_every_package_has_a_place() -> None:
    packages = {folder.name for folder in ROOT.iterdir() if (folder / "__init__.py").exists()}
    placed = {name for line in CONTRACT["layers"] for name in re.split(r"\s*\|\s*", line)}

    assert packages == placed
