"""What an application for a service has to hold: the questions of a version as JSON Schema."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consular import formspec
from consular.api import shapes
from consular.api.reference_data import Open


class SchemaQuery(shapes.Asked):
    """Which version is asked for; without one the newest."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=9999)


class FormSchema(Open):
    """The questions of a service, with its conditions and rules as FEEL."""

    @extend_schema(operation_id="form_schema", parameters=[SchemaQuery], responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, service: str) -> Response:
        version = shapes.asked(SchemaQuery, request.query_params).get("version")
        try:
            folder = formspec.folder(service, version) if version else formspec.latest(service)
        except formspec.NoSuchService:
            raise Http404 from None
        return Response(formspec.json_schema.of(folder))
