"""Names and values on pages: safe whatever they say, and no row is lost."""

from types import SimpleNamespace

from django.template.loader import render_to_string

ROWS = [
    {"label": "<b>Name", "value": "<script>", "number": "1", "url": "/x/?a=1&b=2"},
    SimpleNamespace(label="Address", value="5 Old Street\nPune"),
    {"label": "Nothing", "value": ""},
]


def test_every_row_is_shown_and_nothing_of_it_is_markup() -> None:
    page = render_to_string("components/summary_list.html", {"rows": ROWS})

    assert page.count("<dt") == page.count("<dd") == 3
    assert '<span class="muted">1</span> &lt;b&gt;Name' in page
    assert '<bdi class="value">&lt;script&gt;</bdi>' in page
    assert 'href="/x/?a=1&amp;b=2">Change<span class="kern-sr-only">: &lt;b&gt;Name</span>' in page
    assert "5 Old Street<br>Pune" in page
    assert '<bdi class="value">–</bdi>' in page
    assert "<dt" not in render_to_string("components/summary_list.html", {})
