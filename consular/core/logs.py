"""Log lines that machines can read, one event a line, without anybody's data.

Of an exception only its type and the places it passed are written: messages and local values may hold what a person
typed. Libraries repeat the message in their own sentence, so beside an exception that one stays without its values.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

FRAMES = 12
"""The innermost places that are written of a traceback."""

_LINK = re.compile(r"(/(?:appointments|consent|offers)/)[^/\s]{30,}")
_PLACE = re.compile(r".*/(?:site-packages|lib/python[\d.]+|(?=consular/))/?")


def without_content(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its type and the places it passed."""
    error = event.pop("exc_info", None)
    if error is True:  # the one that is being handled
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["error"] = type(error).__name__
        event["at"] = [f"{_PLACE.sub('', frame.filename)}:{frame.lineno}" for frame in frames]
    return event


def without_values(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take a library's sentence about an exception as it is in its source, and the path of the request besides."""
    if event.get("exc_info"):
        record: logging.LogRecord = event["_record"]
        event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        request = getattr(record, "request", None)
        if request is not None:
            event["path"] = request.path
    return event


def without_links(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Shorten addresses that let whoever has them act without signing in."""
    for name in ("event", "path"):
        if isinstance(event.get(name), str):
            event[name] = _LINK.sub(r"\1…", event[name])
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]


def configure() -> None:
    """Let our own log lines take this way; called once, by the settings."""
    structlog.configure(
        processors=[*_SHARED, without_content, structlog.processors.JSONRenderer(sort_keys=True)],
        logger_factory=structlog.PrintLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def formatter() -> logging.Formatter:
    """The formatter by which the lines of libraries take the same way."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            without_values,
            without_links,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_content,
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
    )
