"""Every error is a problem document (RFC 9457), in the language the caller asked for."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language_from_request, gettext_lazy, override
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from consular.api.parsing import TooLarge
from consular.core.errors import Refused

HOME = "/api/v1/"
MEDIA_TYPE = "application/problem+json"

RETRY_AFTER = "30"
"""Seconds, when the database is away or too busy."""

LATER = "900"
"""Seconds, when a verb was asked too often and cannot say when the count begins anew."""

AWAY = gettext_lazy("What you saved before is still there. Please try again in a few minutes.")
FAILED = gettext_lazy("Something went wrong on our side.")
BEFORE = {
    400: gettext_lazy("This request could not be read"),
    403: gettext_lazy("You may not open this page"),
    503: AWAY,
}
"""What is said of an error of which the interface itself never hears."""

log = structlog.get_logger(__name__)


def as_problem(error: Exception, context: dict[str, Any]) -> Response:
    """The answer to any error; what nobody expected is logged and answered with 500 and no details."""
    if isinstance(error, Refused):
        return _refused(error)
    error = _in_its_words(error)
    if isinstance(error, exceptions.ValidationError):
        sentence = _("Some values are missing or not right.")
        return _answer(422, {"code": "invalid", "detail": sentence, "errors": _by_field(error.detail)})
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database_away", exc_info=error)
        away = _answer(503, {"code": "away", "detail": str(AWAY)})
        away["Retry-After"] = RETRY_AFTER
        return away
    known = exception_handler(error, context)
    if known is None or not isinstance(error, exceptions.APIException):
        log.error("api_failed", exc_info=error)
        return _answer(500, {"code": "failed", "detail": str(FAILED)})
    answer = _answer(known.status_code, {"code": error.default_code, "detail": str(error.detail)})
    for name, value in known.headers.items():
        if name != "Content-Type":
            answer[name] = value
    return answer


def _in_its_words(error: Exception) -> Exception:
    """The interface's own error for one of the framework's."""
    if isinstance(error, Http404 | PermissionDenied):
        return exceptions.NotFound()
    return TooLarge() if isinstance(error, RequestDataTooBig) else error


def _refused(error: Refused) -> Response:
    answer = _answer(error.status, error.as_problem())
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["Retry-After"] = str(error.retry_after or LATER)
    return answer


def _by_field(detail: Any) -> dict[str, list[str]]:
    """Field -> sentences; what belongs to no field stands under an empty name."""
    fields = detail if isinstance(detail, dict) else {"": detail}
    return {
        "" if name == "non_field_errors" else name: [str(sentence) for sentence in sentences]
        for name, sentences in fields.items()
    }


def _answer(status: int, members: dict[str, Any]) -> Response:
    return Response({**_about(status), **members}, status=status, content_type=MEDIA_TYPE)


def _about(status: int) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}


class Documents:
    """Errors of which the interface never hears are problem documents as well: a foreign host, another site's form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if not is_page or response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith(HOME):
            return response
        status = HTTPStatus(response.status_code)
        with override(get_language_from_request(request)):  # outside of what chooses the language
            members = {"code": status.name.lower(), "detail": str(BEFORE.get(status, FAILED))}
        document = JsonResponse({**_about(status), **members}, status=status, content_type=MEDIA_TYPE)
        if "Retry-After" in response:
            document["Retry-After"] = response["Retry-After"]
        return document
