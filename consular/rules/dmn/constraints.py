"""What a decision file says about the values of an input, wherever it says it."""

from dataclasses import replace

from consular.rules.dmn import model

LONGEST_CHAIN = 20


def constrained(file: model.File, source: model.Input) -> model.Input:
    """The input with the basic type and the allowed values that its own type, or that of its variable, gives it."""
    reference = source.type or _variable_type(file, source.expression.text)
    basic, allowed = _resolved(file, reference)
    return replace(source, type=basic, allowed=source.allowed or allowed)


def _variable_type(file: model.File, name: str) -> str:
    """The type of the input data or decision of a name."""
    variables = (part.variable for part in file.parts.values())
    return next((variable.type for variable in variables if variable.name == name), "")


def _resolved(file: model.File, reference: str) -> tuple[str, model.Text | None]:
    """The basic type behind a type, and the first allowed values on the way; a collection has neither."""
    allowed: model.Text | None = None
    for _ in range(LONGEST_CHAIN):
        item = file.types.get(reference) or file.types.get(reference.rpartition(":")[2])
        if item is None:
            return reference.rpartition(":")[2], allowed
        if item.collection:
            return "", None
        allowed = allowed or item.allowed
        reference = item.reference
    return "", None
