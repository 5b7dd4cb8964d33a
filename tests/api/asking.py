"""A partner's system that asks, and compares every answer with the published description of the interface."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from consular.accounts import tokens
from consular.accounts.models import User

HOME = "/api/v1/"
PROBLEM = "application/problem+json"


class Partner:
    """Asks as an account, or without a key as a stranger."""

    def __init__(self, user: User | None = None, **headers: str) -> None:
        if user is not None:
            headers["Authorization"] = f"Bearer {tokens.create(user, name='test', days=30)}"
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, address: str, query: Any = None, **headers: str) -> HttpResponse:
        text = urlencode(query or {}, errors="surrogatepass")
        return checked(
            self.client.get(f"{HOME}{address}?{text}" if text else HOME + address, headers=headers)
        )

    def post(self, address: str, body: Any = None, **headers: str) -> HttpResponse:
        answer = self.client.post(
            HOME + address, {} if body is None else body, content_type="application/json", headers=headers
        )
        return checked(answer)


def checked(answer: HttpResponse) -> HttpResponse:
    """The answer, once it has been found to be what the description promises, with nothing besides."""
    if answer.status_code >= 400:
        assert answer["Content-Type"] == PROBLEM, answer.content[:300]
        assert answer.status_code < 500, answer.content[:300]
        shape: dict[str, Any] = {"$ref": "#/components/schemas/ProblemShape"}
    else:
        shape = _promised(answer)
    Draft202012Validator({**shape, "components": described()["components"]}).validate(answer.json())
    return answer


def _promised(answer: HttpResponse) -> dict[str, Any]:
    request = answer.wsgi_request
    route = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", resolve(request.path_info).route)
    operation = described()["paths"][route][request.method.lower()]
    content = operation["responses"][str(answer.status_code)]["content"]
    shape: dict[str, Any] = content["application/json"]["schema"]
    return shape


@cache
def described() -> dict[str, Any]:
    """The description as JSON Schema knows it; a field that is not described is a fault."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    for shape in schema["components"]["schemas"].values():
        if shape.get("type") == "object":
            shape["additionalProperties"] = False
            shape["properties"] = {name: _nullable(part) for name, part in shape["properties"].items()}
    return schema


def _nullable(part: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [part, {"type": "null"}]} if part.get("nullable") else part
