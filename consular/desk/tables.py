"""Tables as files for spreadsheets: CSV (RFC 4180) in UTF-8, with no cell that begins to calculate."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With what a spreadsheet begins to calculate (CWE-1236)."""


def as_file(head: Sequence[str], lines: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """A table as a download, with the mark that spreadsheets want; `name` says nothing about a person."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([safe(cell) for cell in line] for line in (head, *lines))
    return download("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(STARTS_A_FORMULA) else cell


def download(content: str | bytes, kind: str, name: str) -> HttpResponse:
    """A download that no cache keeps."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
