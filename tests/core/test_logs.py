"""Nothing a person typed reaches a log line, also not by way of an exception."""

import json
import logging
import sys

import pytest
import structlog
from django.test import RequestFactory

from consular.core import logs

SECRET = "Ama Mensah G1234567"


def _fail() -> None:
    typed = SECRET
    raise ValueError(f"cannot read {typed}")


def test_an_exception_of_ours_is_its_type_and_its_places(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        _fail()
    except ValueError:
        structlog.get_logger().exception("job_failed", job=7)
    line = capsys.readouterr().out

    assert SECRET not in line
    assert json.loads(line) | {"timestamp": ""} == {
        "event": "job_failed",
        "job": 7,
        "level": "error",
        "error": "ValueError",
        "at": json.loads(line)["at"],
        "timestamp": "",
    }
    assert any("test_logs.py" in place for place in json.loads(line)["at"])


def test_an_exception_in_a_library_is_treated_alike() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logs.formatter())
    try:
        _fail()
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", (), None)
        record.exc_info = sys.exc_info()
    line = handler.format(record)

    assert SECRET not in line
    assert json.loads(line)["error"] == "ValueError"


@pytest.mark.parametrize(
    ("said", "about"),
    [
        (
            "Task %(name)s raised unexpected: %(exc)s",
            ({"name": "casework.strike", "exc": f"ValueError('{SECRET}')"},),
        ),
        ("failed: %r", (ValueError(SECRET),)),
        (ValueError(SECRET), ()),
    ],
    ids=["as celery says it", "in the sentence", "instead of a sentence"],
)
def test_what_a_library_says_about_an_exception_repeats_no_word_of_it(
    said: object, about: tuple[object]
) -> None:
    record = logging.LogRecord("library", logging.ERROR, __file__, 1, said, about, None)
    before = record.getMessage()
    record.exc_info = (ValueError, ValueError(SECRET), None)

    assert SECRET in before
    assert SECRET not in logs.formatter().format(record)


def test_a_broken_page_is_named() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed: %s", ("/my/",), None)
    record.exc_info = (ValueError, ValueError(SECRET), None)
    record.request = RequestFactory().get("/my/?after=A")

    assert json.loads(logs.formatter().format(record))["path"] == "/my/"


def test_without_an_exception_a_library_says_what_it_says() -> None:
    record = logging.LogRecord("library", logging.WARNING, __file__, 1, "Not Found: %s", ("/x/",), None)

    assert json.loads(logs.formatter().format(record))["event"] == "Not Found: /x/"


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", '{"level": "error"}', "\x1b[31mred", "\u202eevil"])
def test_one_event_is_one_line_that_can_be_parsed(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("seen", agent=text)
    out = capsys.readouterr().out

    assert len(out.splitlines()) == 1
    assert json.loads(out)["agent"] == text
