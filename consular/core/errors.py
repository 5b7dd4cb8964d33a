"""The one expected exception."""

from typing import Any

from django.utils.functional import Promise


class Refused(Exception):
    """Somebody asked for something that is not possible; the sentence says why, in the reader's language.

    `message` is a translatable sentence, `code` a stable word for machines, `field` the question or form field it
    belongs to, `status` the HTTP status a door answers with (409 a conflict with the state, 422 bad data, 403 not
    allowed, 404 not there, 429 too often). `retry_after` are the seconds after which it is no longer too often.
    """

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str = "refused",
        field: str | None = None,
        status: int = 409,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.status = status
        self.retry_after = retry_after

    def as_problem(self) -> dict[str, Any]:
        """The members of a problem document (RFC 9457) without its address."""
        problem: dict[str, Any] = {"status": self.status, "code": self.code, "detail": str(self.message)}
        if self.field:
            problem["field"] = self.field
        return problem
