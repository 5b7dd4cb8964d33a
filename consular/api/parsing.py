"""Bodies of requests: JSON in UTF-8, short and flat."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST = 20_000
"""Bytes; the longest body the interface understands has a hundred."""


class TooLarge(APIException):
    """The body is longer than any that makes sense."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is longer than any that makes sense here.")
    default_code = "too_large"


class ShortJSON(JSONParser):
    """JSON as RFC 8259 has it: always UTF-8, whatever the request says about its character set."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise TooLarge
        try:
            return super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
        except (ParseError, RecursionError):  # the parser's own words are English, and of Python
            raise ParseError from None
