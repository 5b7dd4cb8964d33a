"""The description of the interface (OpenAPI 3): what the views say, and the one shape of all errors."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from consular.api.problems import MEDIA_TYPE


class ProblemShape(serializers.Serializer[Any]):
    """Why a request was refused (RFC 9457). `field` or `errors` say which value is meant."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class Schema(AutoSchema):
    """Every operation may also be answered with a problem, and every shape is complete."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            problem = self.resolve_serializer(ProblemShape, "response")
            operation["responses"]["default"] = {
                "description": "Refused",
                "headers": {
                    "Retry-After": {
                        "description": "Seconds; with 429 and 503.",
                        "schema": {"type": "integer"},
                    }
                },
                "content": {MEDIA_TYPE: {"schema": problem.ref}},
            }
        return operation
