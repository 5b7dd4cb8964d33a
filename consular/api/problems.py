"""Every error is a problem document (RFC 9457), in the language the caller asked for."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from consular.core.errors import Refused


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problem documents where the answer is one."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code >= HTTPStatus.BAD_REQUEST:
            response.content_type = "application/problem+json"
        return super().render(data, accepted_media_type, renderer_context)


def as_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an expected error; anything else is left to the framework, which answers 500 without details."""
    if isinstance(error, Refused):
        return _answer(error.status, error.as_problem())
    if isinstance(error, Http404 | PermissionDenied):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        sentence = HTTPStatus.UNPROCESSABLE_ENTITY.phrase
        return _answer(422, {"code": "invalid", "detail": sentence, "errors": fields})
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    response.data = _document(response.status_code, {"code": error.default_code, "detail": str(error.detail)})
    return response


def _answer(status: int, members: dict[str, Any]) -> Response:
    return Response(_document(status, members), status=status)


def _document(status: int, members: dict[str, Any]) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, **members}
