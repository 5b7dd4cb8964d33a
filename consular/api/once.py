"""`Idempotency-Key`: the same request under the same key is acted upon once, and answered the same, byte for byte."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consular.api import problems, shapes
from consular.api.parsing import LARGEST, TooLarge
from consular.api.throttling import Writers
from consular.core import crypto, repeats
from consular.core.errors import Refused

KEY = "Idempotency-Key"
LONGEST_KEY = 80
TRANSIENT = frozenset({401, 403, 413, 429})
"""Answers that say nothing about the request itself: it may be sent again under the same key."""


class Own(APIView):
    """Answers with somebody's own data: nothing on the way may keep them."""

    throttle_classes = [Writers]

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class Once(Own):
    """What is posted here is done once for each key; without a key each request is one of its own."""

    kept: repeats.Answer | None = None
    claimed: tuple[bytes, bytes] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After the caller is known and before anything is done."""
        super().initial(request, *args, **kwargs)
        given = key(request)
        if request.method != "POST" or not given:
            return
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise TooLarge
        who = crypto.fingerprint(f"{shapes.caller(request).pk}\0{given}", purpose="api once")
        body = request._request.body.decode("utf-8", "replace")
        asked = crypto.fingerprint(f"{request.path}\0{body}", purpose="api once request")
        found = repeats.claim(who, asked)
        if found is None:
            self.claimed = (who, asked)
            return
        if found.request != asked:
            sentence = _("Another request was sent under this key. Take a new key for it.")
            raise Refused(sentence, code="key_in_use", field=KEY, status=422)
        if found.is_open:
            raise Refused(_("This request is being worked on. Ask again in a moment."), code="in_progress")
        self.kept = found
        raise Answered

    def handle_exception(self, exc: Exception) -> Any:
        """A request that was answered before gets its answer again."""
        if isinstance(exc, Answered) and self.kept is not None:
            return _again(self.kept)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the answer, as the bytes that are sent."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.claimed is not None:
            self._keep(answer, *self.claimed)
        return answer

    def _keep(self, answer: Any, who: bytes, asked: bytes) -> None:
        if answer.status_code >= 500 or answer.status_code in TRANSIENT:
            repeats.drop(who, asked)
            return
        if isinstance(answer, Response):
            answer.render()
        kind, location = answer["Content-Type"], answer.get("Location", "")
        repeats.keep(who, repeats.Answer(asked, answer.status_code, kind, location, answer.content))


class Answered(Exception):
    """The request was answered before."""


def key(request: Request) -> str:
    """The key of the request, "" without one; Refused (422) when it is too long or not printable ASCII."""
    found = request.headers.get(KEY, "").strip()
    if len(found) > LONGEST_KEY or not (found.isascii() and (found.isprintable() or not found)):
        sentence = _("A key has up to 80 printable characters.")
        raise Refused(sentence, code="invalid", field=KEY, status=422)
    return found


def _again(kept: repeats.Answer) -> HttpResponse:
    answer = HttpResponse(kept.body, status=kept.status, content_type=kept.kind or problems.MEDIA_TYPE)
    if kept.location:
        answer["Location"] = kept.location
    answer["Idempotent-Replayed"] = "true"
    return answer
