"""What a partner is asked and what it answers: with its key, only what is addressed to it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consular import casework
from consular.api import shapes
from consular.api.once import KEY, Own, key
from consular.api.paging import page
from consular.cases.consultations import GIVEN, Consultation, Reply, Silence, told
from consular.casework.consultations import Given
from consular.casework.correspondence import LENGTH
from consular.core import references


class ConsultationShape(shapes.Shape):
    """One question. `facts` are the named answers of the applicant, by question; nothing else of the file is told."""

    reference = serializers.CharField()
    service = serializers.CharField(source="case.service")
    mission = serializers.CharField(source="case.mission.code")
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    silence = serializers.ChoiceField(Silence.choices, help_text="What it means when nobody answers in time.")
    facts = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_facts(self, consultation: Consultation) -> dict[str, Any]:
        """What a partner learns of the applicant."""
        return told(consultation.case.answers.data)


class ConsultationPage(shapes.Shape):
    """One page of consultations."""

    items = ConsultationShape(many=True)
    next = serializers.URLField(allow_null=True)


class AnswerRequest(shapes.Asked):
    """What the partner answers; conditions and missing data have to be named."""

    answer = serializers.ChoiceField(GIVEN)
    text = serializers.CharField(required=False, allow_blank=True, max_length=LENGTH)


class AnswerShape(shapes.Shape):
    """An answer as it was taken. One that is late moves nothing any more; it is kept and shown to the mission."""

    consultation = serializers.CharField(source="consultation.reference")
    answer = serializers.ChoiceField(Reply.choices)
    text = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()
    is_late = serializers.BooleanField()


class Consultations(Own):
    """The open consultations of the caller's authority, the newest first."""

    @extend_schema(operation_id="consultations", parameters=[shapes.PageQuery], responses=ConsultationPage)
    def get(self, request: Request) -> Response:
        addressed = Consultation.objects.visible_to(shapes.caller(request))
        rows = addressed.awaited().select_related("case__answers", "case__mission")
        return page(request, rows, ConsultationShape, known=addressed)


class ConsultationAnswers(Own):
    """Answer a consultation. The same answer under the same key is taken once."""

    @extend_schema(
        operation_id="answer",
        parameters=[
            OpenApiParameter(
                KEY, str, OpenApiParameter.HEADER, description="What the caller calls this answer."
            )
        ],
        request=AnswerRequest,
        responses={201: AnswerShape},
    )
    def post(self, request: Request, reference: str) -> Response:
        asked = shapes.asked(AnswerRequest, request.data)
        given = Given(asked["answer"], asked.get("text", ""), key(request))
        taken = casework.answer(references.tidy(reference) or "", given, actor=shapes.caller(request))
        return Response(AnswerShape(taken).data, status=201)
