"""Letters look right, read right and fetch nothing."""

import io
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from consular.decisions import issuing, pdf
from tests import effort
from tests.decisions import letters
from tests.processes import until

NAMES = {
    "arabic": "محمد عبد الرحمن الخوارزمي",
    "persian": "پیمان گل‌محمدی",
    "vietnamese": "Nguyễn Thị Hồng Đào",
    "cyrillic": "Святослав Щербаков",
    "greek": "Ελένη Παπαδοπούλου",
    "hebrew": "נועה שפירא",
    "devanagari": "नवीन कुमार",
    "chinese": "王小明",
    "latin": "Øyvind Łukasz Şahin Gößl Ďurčo",
}


def text(content: bytes) -> str:
    """What a person copies from the file or hears read aloud, without marks of direction and joining."""
    command = ["pdftotext", "-layout", "-", "-"]
    read = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    return read.translate(dict.fromkeys(map(ord, "\u200c\u200e\u200f\u202a\u202b\u202c")))


def opened(content: bytes) -> pikepdf.Pdf:
    """The file's structure."""
    return pikepdf.open(io.BytesIO(content))


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("script", NAMES)
def test_a_name_reads_back_as_it_was_typed(script: str, direction: str):
    language = "ar" if direction == "rtl" else "en"
    letter = letters.receipt(NAMES[script], language=language, direction=direction, applicant=NAMES[script])

    content = issuing.render(letter)

    assert text(content).count(NAMES[script].replace("\u200c", "")) == 2


def places(content: bytes) -> dict[str, float]:
    """Where each word of the first page begins, in points from the left edge."""
    command = ["pdftotext", "-bbox", "-l", "1", "-", "-"]
    read = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    return {word: float(left) for left, word in re.findall(r'<word xMin="([\d.]+)".*?>(.*?)</word>', read)}


@pytest.mark.parametrize(
    ("typed", "in_order"),
    [
        ("12 Example Road, Mumbai", ["12", "Example", "Road,", "Mumbai"]),
        ("+91 22 5550 1234", ["+91", "22", "5550", "1234"]),
        ("12 ب ج", ["ج", "ب", "12"]),
    ],
)
@pytest.mark.parametrize(("language", "letter_runs"), [("en", "ltr"), ("ar", "rtl")])
def test_an_answer_runs_in_its_own_direction(
    typed: str, in_order: list[str], language: str, letter_runs: str
):
    content = issuing.render(letters.receipt(typed, language=language, direction=letter_runs))

    found = places(content)

    assert sorted(in_order, key=lambda word: found[word]) == in_order


def test_numbers_of_letter_and_page_run_from_left_to_right_in_an_arabic_letter():
    receipt = letters.receipt("x\n" * 40, language="ar", direction="rtl")

    found = places(issuing.render(replace(receipt, reference="1234-ABCD", number="1234-ABCD/7")))

    assert {"1234-ABCD", "1234-ABCD/7"} <= found.keys()
    assert found["1"] < found["/"] < found["2"]


def test_the_file_is_pdf_a_3a_and_pdf_ua_1_in_one_description():
    file = opened(issuing.render(letters.grant()))

    xmp = file.Root.Metadata.read_bytes()

    assert xmp.count(b"<rdf:RDF") == xmp.count(b"</rdf:RDF>") == 1
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in xmp
    assert b'pdfuaid:part="1"' in xmp
    assert b"pdfaExtension:schemas" in xmp


def test_the_file_has_language_title_tags_and_an_output_intent():
    file = opened(issuing.render(letters.receipt("x", language="ar", direction="rtl")))

    assert file.Root.Lang == "ar"
    assert file.Root.MarkInfo.Marked
    assert file.Root.ViewerPreferences.DisplayDocTitle
    assert file.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert str(file.docinfo["/Title"]) == "Acknowledgement"


def elements(file: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every structure element of the file."""
    for item in file.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem":
            yield item


def test_header_cells_say_what_they_head_and_the_code_has_a_text():
    file = opened(issuing.render(letters.receipt("x")))
    cells = [element for element in elements(file) if element.S == "/TH"]
    figures = [element for element in elements(file) if element.S == "/Figure"]

    assert cells
    answers = [element for element in elements(file) if element.S == "/TD"]
    assert {str(cell.ID) for cell in cells} == {str(answer.A.Headers[0]) for answer in answers}
    assert [str(figure.Alt) for figure in figures] == [letters.receipt().verify_address]


def test_every_font_is_embedded_and_one_of_ours():
    file = opened(issuing.render(letters.receipt(*NAMES.values())))
    fonts = [item for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]

    families = {str(font.FontName).partition("+")[2] for font in fonts}

    assert all("/FontFile2" in font for font in fonts)
    assert {family.split("-Bold")[0] for family in families} == {
        "Open-Sans", "Vazirmatn", "Noto-Sans-Devanagari", "Noto-Sans-SC",
    }  # fmt: skip


def test_a_letter_in_two_languages_marks_the_second():
    first = letters.grant().versions[0]
    letter = replace(letters.grant(), versions=(first, replace(first, language="de", title="Ihr Visum")))

    file = opened(issuing.render(letter))

    assert "de" in {str(element.get("/Lang", "")) for element in elements(file)}


def test_each_version_is_printed_in_the_letters_of_its_own_script():
    arabic = letters.receipt("x", language="ar", direction="rtl").versions[0]
    english = replace(letters.grant().versions[0], title="Nothing else")

    file = opened(issuing.render(replace(letters.grant(), kind="L05", versions=(arabic, english))))

    second = file.pages[1]
    used = {str(command.operands[0]) for command in pikepdf.parse_content_stream(second, "Tf")}
    assert {str(second.Resources.Font[name].BaseFont).partition("+")[2] for name in used} == {
        "Open-Sans", "Open-Sans-Bold",
    }  # fmt: skip


def test_the_printed_code_leads_to_the_verification_page():
    letter = letters.grant()
    command = ["pdftoppm", "-r", "150", "-png", "-singlefile", "-"]
    picture = subprocess.run(command, input=issuing.render(letter), capture_output=True, check=True).stdout

    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))

    assert [code.text for code in found] == [letter.verify_address]


@pytest.fixture
def canary() -> Iterator[tuple[str, list[object]]]:
    """A listener on this machine, and who called."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    calls.append(listener.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}", calls
        done.set()
        thread.join()


HOSTILE = [
    '<img src="http://{host}/a.png">',
    '<img src="file:///etc/passwd">',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<link rel="stylesheet" href="http://{host}/a.css">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<style>@import "http://{host}/b.css";</style>',
    "<style>@font-face{{font-family:x;src:url(http://{host}/f.ttf)}} *{{font-family:x}}</style>",
    "<style>body{{background:url(http://{host}/c.png)}}</style>",
    '<p style="background:url(file:///etc/hostname)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://{host}/d.png"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="http://{host}/e.svg#x"/></svg>',
    '<iframe src="http://{host}/"></iframe><object data="http://{host}/"></object>',
    '<embed src="http://{host}/"><video poster="http://{host}/p.png"></video>',
    '<base href="http://{host}/"><img src="rel.png">',
    '<meta http-equiv="refresh" content="0;url=http://{host}/">',
    "<script>alert(1)</script>",
    "{{{{ letter.code }}}} {{% include 'letters/L08.html' %}} {{{{ settings.SECRET_KEY }}}}",
    "${{7*7}} #{{7*7}} <%= 7*7 %>",
    "</title></head></body></html><h1>x</h1>",
    "--></style><img src=http://{host}/z>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "]]><![CDATA[ <x/> ]]>",
    "' onload=alert(1) x='",
    '" style="position:fixed',
]


@pytest.mark.parametrize("payload", HOSTILE)
def test_what_people_type_is_printed_and_never_obeyed(payload: str, canary: tuple[str, list[object]]):
    host, calls = canary
    typed = payload.format(host=host)

    content = issuing.render(letters.receipt(typed, applicant=typed))

    assert calls == []
    assert list(opened(content).attachments) == [pdf.FACTS]
    assert "".join(typed.split()) in "".join(text(content).split())


@pytest.mark.parametrize(
    "payload", [page for page in HOSTILE if "{host}" in page or "file:" in page or "data:" in page]
)
def test_even_markup_that_got_through_fetches_nothing(payload: str, canary: tuple[str, list[object]]):
    host, calls = canary
    page = f'<html lang="en"><head><title>x</title></head><body>{payload.format(host=host)}</body></html>'

    content = pdf.render(page)

    assert calls == []
    assert b"root:" not in content
    assert not opened(content).attachments


def test_without_the_fetcher_the_canary_is_called(canary: tuple[str, list[object]]):
    host, calls = canary
    renderer = pdf._renderer()
    impatient = type(renderer.fetcher).__base__(timeout=0.5)

    renderer.html(string=f'<img src="http://{host}/a.png">', url_fetcher=impatient).render()

    until(lambda: calls)


@pytest.mark.parametrize("page", ["<html><title>x</title>", '<html lang="en"><body>x'])
def test_a_page_without_language_or_title_is_no_letter(page: str):
    with pytest.raises(ValueError, match="title and a language"):
        pdf.render(page)


def test_ten_thousand_letters_in_one_answer_are_little_work():
    printed: list[bytes] = []
    answer, applicant = "Ж" * 10_000, "Ж " * 5_000

    work = effort.calls(lambda: printed.append(issuing.render(letters.receipt(answer, applicant))))

    assert text(printed[0]).count("Ж") == 15_000
    assert work < 5_000_000  # laid out carelessly it takes four minutes
