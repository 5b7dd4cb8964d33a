"""Long lists, a page at a time; the next page begins after a reference, so every page costs the same."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consular.api import shapes
from consular.core import references

PAGE = 100


def page(
    request: Request, rows: "QuerySet[Any]", shape: Any, *, known: "QuerySet[Any] | None" = None
) -> Response:
    """One page of rows that have a reference, the newest first, and the address of the next page.

    A page may begin after any row of `known`, where a list can lose rows while somebody reads it.
    """
    after = shapes.asked(shapes.PageQuery, request.query_params).get("after")
    if after is not None:
        seen = rows if known is None else known
        last = seen.filter(reference=references.tidy(after)).values_list("pk", flat=True).first()
        if last is None:
            raise serializers.ValidationError({"after": [_("There is no such entry in this list.")]})
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    following = None
    if len(found) > PAGE:
        following = request.build_absolute_uri(f"{request.path}?after={found[PAGE - 1].reference}")
    return Response({"items": shape(found[:PAGE], many=True).data, "next": following})
