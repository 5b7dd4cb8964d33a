"""Nothing a person typed reaches a log line, also not by way of an exception."""

import json
import logging
import sys

import pytest
import structlog

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


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", '{"level": "error"}', "\x1b[31mred", "\u202eevil"])
def test_one_event_is_one_line_that_can_be_parsed(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("seen", agent=text)
    out = capsys.readouterr().out

    assert len(out.splitlines()) == 1
    assert json.loads(out)["agent"] == text
