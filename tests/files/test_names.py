"""Names of files are labels: what people should not see in one is taken out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consular.files.names import LONGEST, tidy
from tests import rows
from tests.bad_text import CORPUS


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bank statement.pdf", "Bank statement.pdf"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\ama\\scan.jpg", "scan.jpg"),
        ("\\\\server\\share\\a.pdf", "a.pdf"),
        ("a\r\nContent-Type: text/html.pdf", "html.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        (".htaccess", "htaccess"),
        ("name. . .", "name"),
        ("nul\0l.pdf", "null.pdf"),
        ("cafe\u0301.png", "caf\u00e9.png"),
        ("كشف حساب.pdf", "كشف حساب.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("\u202e\u2066", ""),
        ("..", ""),
        ("   ", ""),
    ],
)
def test_a_name_is_shown_as(name: str, shown: str) -> None:
    assert tidy(name) == shown


def test_a_long_name_keeps_its_beginning_and_its_end() -> None:
    shown = tidy("statement" * 100 + ".pdf")

    assert len(shown) <= LONGEST
    assert shown.startswith("statement")
    assert shown.endswith(".pdf")


@rows.every("what", CORPUS)
def test_nothing_people_do_not_type_gets_through(what: str) -> None:
    shown = tidy(CORPUS[what])

    assert len(shown) <= LONGEST
    assert not set(shown) & set("/\\\0\r\n\u202e\u2066\ud800")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_a_tidy_name_stays_as_it_is(name: str) -> None:
    assert tidy(tidy(name)) == tidy(name)
