"""The types of a decision file, and whether values are of them (DMN 1.5, 7.3.2)."""

from collections.abc import Mapping

from consular.rules.dmn import model
from consular.rules.feel import Expression
from consular.rules.feel.syntax import Type
from consular.rules.feel.types import SIMPLE_TYPES, coerced
from consular.rules.scope import Budget, Scope
from consular.rules.values import Function, Value, kind


class Mismatch(Exception):
    """A value that is not of its type."""


class Types:
    """Item definitions by name, with their allowed values compiled."""

    def __init__(self, items: Mapping[str, model.ItemType], allowed: Mapping[str, Expression]) -> None:
        self.items = items
        self.allowed = allowed

    def admit(self, value: Value, reference: str, budget: Budget) -> Value:
        """The value as one of the type; a list of one stands for its item. Raises Mismatch."""
        name = reference.strip()
        if name not in self.items and name not in SIMPLE_TYPES:
            name = name.rpartition(":")[2]
        if value is None or not name or name == "Any":
            return value
        if name in self.items:
            return self._item(value, self.items[name], budget)
        return self._simple(value, name)

    def is_of(self, value: Value, name: str, budget: Budget) -> bool:
        """Whether a value is of a named type, without any conversion (`instance of`)."""
        try:
            return value is not None and name in self.items and self.admit(value, name, budget) == value
        except Mismatch:
            return False

    def _simple(self, value: Value, name: str) -> Value:
        if name not in SIMPLE_TYPES:
            return value
        fitting = coerced(value, Type(name))
        if fitting is None:
            raise Mismatch(f"{kind(value)} is not {name}")
        return fitting

    def _item(self, value: Value, item: model.ItemType, budget: Budget) -> Value:
        if item.function:
            return value if isinstance(value, Function) else self._refuse(value, item)
        if not item.collection:
            return self._one(value, item, budget)
        values = value if isinstance(value, list) else [value]
        budget.spend(len(values))
        return [self._one(entry, item, budget) for entry in values]

    def _one(self, value: Value, item: model.ItemType, budget: Budget) -> Value:
        if item.components:
            value = self._components(value, item, budget)
        elif item.reference:
            value = self.admit(value, item.reference, budget)
        if value is None or not item.allowed or item.allowed.text not in self.allowed:
            return value
        run = self.allowed[item.allowed.text].run
        return value if run(Scope({"?": value}, None, budget)) is True else self._refuse(value, item)

    def _components(self, value: Value, item: model.ItemType, budget: Budget) -> Value:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            return self._refuse(value, item)
        budget.spend(len(item.components))
        named = {component.name: component for component in item.components}
        return {
            key: self._item(entry, named[key], budget) if key in named and entry is not None else entry
            for key, entry in value.items()
        }

    def _refuse(self, value: Value, item: model.ItemType) -> Value:
        raise Mismatch(f"{kind(value)} is not an allowed {item.name}")
