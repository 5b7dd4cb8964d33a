"""What people see of a file is pixels: everything else of it stays behind, and nothing of it runs."""

import io
import signal
import struct

import pikepdf
import pytest
from PIL import Image

from consular import files
from consular.files import child, limits, pages, rendering
from tests.files import hostile

BANNED = (
    b"/JS", b"/JavaScript", b"/AA", b"/OpenAction", b"/EmbeddedFile", b"/URI", b"/XFA", b"/Launch", b"/AcroForm",
    b"/Annots", b"/Metadata", b"/Info", b"Exif", hostile.SECRET,
)  # fmt: skip


def first_page(copy: files.Copy) -> Image.Image:
    """The picture on the first page of a copy."""
    with pikepdf.open(io.BytesIO(copy.content)) as document:
        (image,) = document.pages[0].get_images().values()
        return pikepdf.PdfImage(image).as_pil_image().convert("RGB")


def refused(*pieces: bytes) -> str:
    with pytest.raises(files.Unfit) as refusal:
        files.rerender(pieces)
    return refusal.value.reason


def test_a_document_keeps_its_pages_and_their_size_and_stays_legible() -> None:
    copy = files.rerender([hostile.statement(3)])

    with pikepdf.open(io.BytesIO(copy.content)) as document:
        boxes = [[float(edge) for edge in page.MediaBox] for page in document.pages]
    assert (copy.kind, copy.pages, boxes) == ("pdf", 3, [[0, 0, 595, 842]] * 3)
    page = first_page(copy)
    assert page.width / (595 / 72) == pytest.approx(limits.DPI, abs=1)
    blue = page.getpixel((page.width // 2 - 100, page.height - 500))
    assert blue[2] > 200 > 60 > blue[0]
    assert min(page.crop((160, 300, 600, 350)).convert("L").tobytes()) < 80, "the text is there"


def test_pages_taken_with_a_phone_are_joined_in_their_order() -> None:
    portrait, landscape = hostile.picture(600, 800), hostile.picture(800, 600, form="PNG")

    copy = files.rerender([portrait, hostile.statement(2), landscape])

    with pikepdf.open(io.BytesIO(copy.content)) as document:
        boxes = [(round(float(page.MediaBox[2])), round(float(page.MediaBox[3]))) for page in document.pages]
    assert boxes == [(632, 842), (595, 842), (595, 842), (842, 632)]


@pytest.mark.parametrize("what", [*hostile.ACTIVE, *hostile.POLYGLOTS])
def test_a_copy_carries_nothing_that_could_act_and_nothing_hidden(what: str) -> None:
    original = (hostile.ACTIVE | hostile.POLYGLOTS)[what]

    copy = files.rerender([original])

    assert hostile.SECRET in original or what == "links, launches and forms that send"
    assert [banned for banned in BANNED if banned in copy.content + copy.preview] == []


def test_without_drawing_anew_the_harm_would_be_in_the_copy() -> None:
    """Negative control: the same search over the files as they came."""
    originals = b"".join([*hostile.ACTIVE.values(), *hostile.POLYGLOTS.values(), hostile.with_exif()])

    assert [banned for banned in BANNED if banned not in originals] == [b"/Metadata"]


def test_a_photo_forgets_where_it_was_taken_and_stands_the_right_way_up() -> None:
    copy = files.rerender([hostile.with_exif(orientation=6)], as_photo=True)

    with Image.open(io.BytesIO(copy.content)) as image:
        assert (copy.kind, image.size, dict(image.getexif()), image.info.get("comment")) == (
            "jpeg", (800, 600), {}, None,
        )  # fmt: skip
        assert image.convert("L").getpixel((790, 10)) < 40, (
            "what was the upper left corner is the upper right"
        )
    assert [banned for banned in BANNED if banned in copy.content + copy.preview] == []


@pytest.mark.parametrize(
    ("photo", "size"),
    [
        (hostile.with_broken_exif(6), (800, 600)),
        (hostile.picture(exif=b"Exif\0\0neither of the two orders of bytes"), (600, 800)),
    ],
    ids=["one bad value", "nothing readable"],
)
def test_a_photo_whose_exif_is_broken_is_a_photo(photo: bytes, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(files.rerender([photo], as_photo=True).content)) as image:
        assert image.size == size


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_way_to_write_colours_becomes_plain(mode: str) -> None:
    kept = io.BytesIO()
    Image.new(mode, (60, 80)).save(kept, "JPEG" if mode == "CMYK" else "PNG")

    assert files.rerender([kept.getvalue()]).pages == 1


def test_what_is_transparent_is_white() -> None:
    kept = io.BytesIO()
    Image.new("RGBA", (60, 80), (0, 0, 0, 0)).save(kept, "PNG")

    assert first_page(files.rerender([kept.getvalue()])).getpixel((30, 40)) == (255, 255, 255)


def test_other_kinds_are_refused() -> None:
    assert refused(hostile.NOT_OURS["a drawing with a script"]) == "unknown_kind"


@pytest.mark.parametrize("what", hostile.DAMAGED)
def test_damaged_files_are_refused(what: str) -> None:
    assert refused(hostile.DAMAGED[what]) in {"damaged", "too_many_pages"}


def test_one_bad_file_among_good_ones_refuses_the_document() -> None:
    assert refused(hostile.picture(), hostile.locked()) == "locked"


def test_too_many_pages_are_refused_also_together() -> None:
    assert refused(hostile.statement(limits.MOST_PAGES + 1)) == "too_many_pages"
    assert refused(hostile.statement(limits.MOST_PAGES), hostile.picture(60, 80)) == "too_many_pages"


def test_too_many_pixels_are_refused_before_they_are_unpacked() -> None:
    assert refused(hostile.claimed(100_000, 100_000)) == "too_large"
    assert refused(hostile.pixels(6_400, 6_400)) == "too_large"


def test_a_picture_that_unfolds_to_120_megabytes_is_drawn_within_the_memory_of_the_child() -> None:
    bomb = hostile.unfolding(120)

    assert len(bomb) < 2_000
    assert files.rerender([bomb]).pages == 1


def test_a_drawing_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CPU_SECONDS", 1)

    assert refused(hostile.drawing_without_end()) == "too_heavy"


def test_without_its_seconds_a_drawing_would_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CPU_SECONDS", 600)
    monkeypatch.setattr(limits, "ADDRESS_SPACE", 4_096 * limits.MEGABYTE)  # what it draws fills memory, too
    monkeypatch.setattr(limits, "WALL_SECONDS", 1.5)

    with pytest.raises(files.RendererFailed):
        files.rerender([hostile.drawing_without_end()])


def test_only_its_memory_keeps_a_large_picture_out(monkeypatch: pytest.MonkeyPatch) -> None:
    large = hostile.pixels(4_000, 3_000)
    assert files.rerender([large]).pages == 1

    monkeypatch.setattr(limits, "ADDRESS_SPACE", 130 * limits.MEGABYTE)

    assert refused(large) == "too_heavy"


def test_a_text_that_unfolds_is_not_unfolded() -> None:
    assert refused(hostile.with_text_bomb()) == "damaged"


def test_a_page_as_large_as_a_room_is_drawn_small() -> None:
    page = first_page(files.rerender([hostile.huge_page()]))

    assert max(page.size) <= limits.LONGEST_SIDE


def test_whatever_a_parser_trips_over_lies_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(pieces: list[bytes], *, as_photo: bool) -> child.Copied:
        raise struct.error

    monkeypatch.setattr(child, "_copied", trips)

    assert child._tried([b""], as_photo=False) == "damaged"


@pytest.mark.parametrize("number", [signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT])
def test_a_child_that_dies_of_a_file_refuses_it(number: int) -> None:
    assert isinstance(rendering._died(-number), files.Unfit)


@pytest.mark.parametrize("status", [1, -signal.SIGTERM, -signal.SIGKILL, -signal.SIGINT])
def test_a_child_that_was_stopped_with_its_worker_asks_to_try_again(status: int) -> None:
    assert isinstance(rendering._died(status), files.RendererFailed)


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "pdf", "pages": 1, "advice": [], "sizes": [3, 2], "alone": True},
        {"kind": "svg", "pages": 1, "advice": [], "sizes": [2, 2], "alone": True},
        {"kind": "pdf", "pages": "1", "advice": [], "sizes": [2, 2], "alone": True},
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(line: dict[str, object]) -> None:
    with pytest.raises(files.RendererFailed):
        rendering._understood(line, b"%PDF")


def test_pages_share_the_room_of_a_copy() -> None:
    noise = Image.effect_noise((1400, 1980), 90).convert("RGB")

    assert len(pages.encoded(noise, 10_000_000)) > 1.5 * len(pages.encoded(noise, 300_000))
