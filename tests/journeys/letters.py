"""Letters as people get them: waited for, downloaded, read, checked."""

import re
import subprocess
import time
from pathlib import Path

from playwright.sync_api import Page, expect

LETTERS = "main a[href*='/letters/']:not([href$='/letters/'])"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}")
SECONDS = 120


def wait_for(page: Page, css: str, count: int = 1) -> None:
    """Load the page again until the worker has done its part."""
    end = time.monotonic() + SECONDS
    while page.locator(css).count() < count:
        assert time.monotonic() < end, f"{page.url}: no {css}"
        time.sleep(0.2)
        page.reload()


def download(page: Page, folder: Path, *, count: int = 1) -> Path:
    """The newest of `count` letters of the case page, waiting for it."""
    wait_for(page, LETTERS, count)
    links = page.locator(LETTERS)
    expect(links).to_have_count(count)
    newest = max(links.all(), key=lambda link: int((link.get_attribute("href") or "").split("/")[-2]))
    with page.expect_download() as waiting:
        newest.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def text(letter: Path) -> str:
    """What the letter says, on one line."""
    read = subprocess.run(["pdftotext", "-layout", letter, "-"], capture_output=True, check=True, text=True)
    return " ".join(read.stdout.split())


def signature(letter: Path) -> str:
    """What Poppler says about the signature."""
    said = subprocess.run(["pdfsig", "-nocert", letter], capture_output=True, check=True, text=True)
    return said.stdout


def code(letter: Path) -> str:
    """The code that is printed at the end of the letter."""
    found = CODE.search(text(letter))
    assert found
    return found.group()


def changed(letter: Path) -> Path:
    """The same file with one byte changed, in the middle of a page."""
    content = bytearray(letter.read_bytes())
    content[len(content) // 3] ^= 1
    other = letter.with_name(f"changed-{letter.name}")
    other.write_bytes(content)
    return other
