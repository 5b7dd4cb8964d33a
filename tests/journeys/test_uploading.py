"""Documents on a phone and a bad line: an upload that breaks off twice goes on where it stopped, and is checked."""

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.journeys import applying
from tests.journeys.conftest import NewContext, Service
from tests.journeys.people import Applicant, follow, look, sign_in_applicant

LEA = Applicant("Costa", "Lea", "lea.costa@example.org", nationality="BRA", country="BR", state="BR-SP")
LARGEST_CHUNK = 256 * 1024
IMPATIENT = "() => { const later = window.setTimeout; window.setTimeout = (act) => later(act, 20); }"
"""Nobody waits for the pauses between the tries of the script."""


def photo(path: Path) -> Path:
    """A page as a phone takes it: too large for one chunk."""
    kept = io.BytesIO()
    Image.effect_noise((1200, 1600), 70).convert("RGB").save(kept, "JPEG", quality=92)
    path.write_bytes(kept.getvalue())
    assert path.stat().st_size > 3 * LARGEST_CHUNK
    return path


class BadLine:
    """Lets some chunks through and then none, until it is mended."""

    def __init__(self, page: Page) -> None:
        self.left, self.offsets = 1, list[int]()
        page.route(re.compile(r"/uploads/\d+/\d+/$"), self)

    def __call__(self, route: Route) -> None:
        if self.left == 0:
            route.abort()
            return
        self.left -= 1
        self.offsets.append(int(route.request.headers["x-offset"]))
        route.continue_()


def test_an_upload_that_breaks_off_twice_goes_on_where_it_stopped(
    new_context: NewContext, service: Service, tmp_path: Path
) -> None:
    page = new_context("ar", phone=True).new_page()
    applying.find_and_start(page, LEA)
    follow(page.locator("main a[href$='/documents/']"))
    sign_in_applicant(page, service.mail_url, LEA.email)
    expect(page).to_have_url(re.compile("/documents/$"))
    look(page)
    follow(page.locator("main a[href$='/documents/means/']"))
    look(page)
    pages, line = [photo(tmp_path / "page1.jpg"), photo(tmp_path / "page2.jpg")], BadLine(page)

    for left in (1, 1, -1):
        page.reload()
        line.left = left
        page.evaluate(IMPATIENT)
        page.locator("input[type=file]").set_input_files(pages)
        page.locator("form[data-upload] button[type=submit]").click()
        if left > 0:
            expect(page.locator("[data-broken]")).to_be_visible()
            look(page)

    expect(page.locator("[data-checking]")).to_be_visible()
    expect(page.locator("img.preview")).to_be_visible()
    assert line.offsets[:3] == [0, LARGEST_CHUNK, 2 * LARGEST_CHUNK]
    assert line.offsets.count(0) == len(pages), "nothing that had arrived was sent again"
    look(page)
    with page.expect_download() as download:
        page.locator("main a[href*='/files/']").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-1.4")
