"""Pages of the documentation are found from the first one, and what they link to is there."""

import re
from pathlib import Path

from tests import rows

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def links(page: Path) -> set[Path]:
    """The files that a page links to."""
    return {(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))}


def test_the_first_page_names_all_others() -> None:
    assert set((ROOT / "docs").glob("*.md")) - links(ROOT / "README.md") == set()


@rows.every("page", PAGES)
def test_every_link_leads_to_a_file(page: Path) -> None:
    assert [link for link in links(page) if not link.exists()] == []
