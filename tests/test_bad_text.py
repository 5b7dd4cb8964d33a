"""The reader of pages sees what is wrong with a page that handles bad text badly."""

import pytest
from django.http import HttpResponse

from tests.bad_text import CORPUS, as_received, faults

GOOD = (
    '<form method="post"><input name="a" value="{typed}" aria-invalid="true" aria-describedby="a_error">'
    '<textarea name="b">\n{typed}</textarea></form><p id="a_error">Please enter a name.</p>'
)
TYPED = {"a": "x > y", "b": "x > y"}


@pytest.mark.parametrize(
    ("page", "status", "found"),
    [
        (GOOD, 422, []),
        (GOOD, 500, ["status 500"]),
        (GOOD + "<script>alert(1)</script>", 200, ["shows <script>alert"]),
        (GOOD + "1787569", 200, ["shows 1787569"]),
        (GOOD.replace('id="a_error"', ""), 422, ["no sentence stands at a field"]),
        (GOOD.replace('aria-invalid="true"', ""), 422, ["no sentence stands at a field"]),
        (GOOD.replace("\n{typed}", ""), 422, ["b was lost: ''"]),
        ("<h1>Forbidden</h1>", 403, ["the form is gone"]),
    ],
)
def test_what_is_wrong_with_a_page_is_seen(page, status, found):
    answer = HttpResponse(page.format(typed="x &gt; y"), status=status)

    assert faults(answer, TYPED) == found


def test_every_bad_text_can_be_sent_and_compared():
    assert all(as_received(text).encode() is not None for text in CORPUS.values())
