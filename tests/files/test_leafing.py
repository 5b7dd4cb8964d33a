"""Pages of a copy are found by the table at its end, whatever their pictures contain."""

import io

import pytest
from PIL import Image

from consular.files import assembling, leaf
from consular.files.assembling import Sheet

TRAP = b"\xff\xd8 5 0 obj\n<</Type/XObject endstream startxref 9 %%EOF \xff\xd9"


def copy(*jpegs: bytes) -> bytes:
    return assembling.pdf(
        [Sheet(jpeg, (30 + place, 40), (3, 4), place % 2 == 1) for place, jpeg in enumerate(jpegs)]
    )


def test_each_page_is_the_picture_it_was_made_of() -> None:
    pdf = copy(b"\xff\xd8 first", TRAP, b"\xff\xd8 third")

    found = [leaf(pdf, "pdf", number) for number in (1, 2, 3)]

    assert [page and page.jpeg for page in found] == [b"\xff\xd8 first", TRAP, b"\xff\xd8 third"]
    assert [page and (page.width, page.height) for page in found] == [(30, 40), (31, 40), (32, 40)]


@pytest.mark.parametrize("number", [0, -1, 4, 10_000])
def test_there_is_no_page_beyond_the_last(number: int) -> None:
    assert leaf(copy(b"a", b"b", b"c"), "pdf", number) is None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\nthe copy", b"startxref\n0\n%%EOF", copy(b"a")[:-8]])
def test_what_is_no_copy_of_ours_has_no_pages(content: bytes) -> None:
    assert leaf(content, "pdf", 1) is None
    assert leaf(content, "jpeg", 1) is None


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"exif": b"Exif\0\0" + b"x" * 500}])
def test_a_photo_is_its_only_page_with_its_size(options: dict[str, object]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (41, 53)).save(file, "JPEG", **options)

    page = leaf(file.getvalue(), "jpeg", 1)

    assert page is not None
    assert (page.jpeg, page.width, page.height) == (file.getvalue(), 41, 53)
    assert leaf(file.getvalue(), "jpeg", 2) is None
