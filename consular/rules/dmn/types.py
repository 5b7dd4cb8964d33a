"""The types of a decision file, and whether values are of them (DMN 1.5, 7.3.2)."""

from collections.abc import Mapping

from consular.rules.dmn import model
from consular.rules.feel import Expression
from consular.rules.feel.syntax import Type
from consular.rules.feel.types import SIMPLE_TYPES, coerced
from consular.rules.scope import Budget, FileScope
from consular.rules.values import Function, Value, kind

LONGEST_CHAIN = 50


class Mismatch(Exception):
    """A value that is not of its type."""


class Types:
    """Item definitions by name, with their allowed values compiled; `imported` are those of other files by the name
    of their import.
    """

    def __init__(
        self,
        items: Mapping[str, model.ItemType],
        allowed: Mapping[str, Expression],
        imported: Mapping[str, "Types"],
    ) -> None:
        self.items = items
        self.allowed = allowed
        self.imported = imported

    def admit(self, value: Value, reference: str, budget: Budget) -> Value:
        """The value as one of the type; a list of one stands for its item. Raises Mismatch."""
        if value is None or not reference:
            return value
        types, name = self._place(reference)
        if name in types.items:
            budget.spend(1)
            return types._item(value, types.items[name], budget)
        return value if name == "Any" else self._simple(value, name, budget)

    def _place(self, reference: str) -> tuple["Types", str]:
        """The file that says what a type is, and its name there."""
        name = reference.strip()
        if name in self.items or name in SIMPLE_TYPES:
            return self, name
        for around, types in self.imported.items():
            if around and name.startswith(f"{around}."):
                return types._place(name.removeprefix(f"{around}."))
        plain = name.rpartition(":")[2]
        if plain not in self.items and plain not in SIMPLE_TYPES and "" in self.imported:
            return self.imported[""]._place(plain)
        return self, plain

    def knows(self, reference: str) -> bool:
        """Whether a reference leads to a type."""
        types, name = self._place(reference)
        return name in types.items or name in SIMPLE_TYPES

    def listed(self, reference: str) -> model.Text | None:
        """The allowed values of a type, if it names any."""
        types, name = self._place(reference) if reference else (self, "")
        return types.items[name].allowed if name in types.items else None

    def result(self, reference: str) -> str:
        """What a function of a type gives; another type stands for itself."""
        types, name = self._place(reference) if reference else (self, "")
        item = types.items.get(name)
        return item.result if item and item.function else reference

    def is_of(self, value: Value, name: str, budget: Budget) -> bool | None:
        """Whether a value is of a named type, without any conversion (`instance of`); null for an unknown type."""
        types, plain = self._place(name)
        if plain not in types.items:
            budget.error(f"there is no type {name!r}")
            return None
        try:
            return value is not None and types._whole(value, types.items[plain], budget)
        except Mismatch:
            return False

    def fitting(self, value: Value, name: str, budget: Budget) -> Value:
        """The value as one of a named type, as an argument is; null when it does not fit."""
        try:
            return self.admit(value, name, budget)
        except Mismatch as problem:
            budget.error(str(problem))
            return None

    def _whole(self, value: Value, item: model.ItemType, budget: Budget) -> bool:
        """Whether a value is of a type as it stands: nothing converted, no component missing."""
        if self._item(value, item, budget) != value:
            return False
        entries = value if isinstance(value, list) else [value]
        wanted = {component.name for component in item.components}
        return all(not wanted or (isinstance(entry, dict) and wanted <= entry.keys()) for entry in entries)

    def _simple(self, value: Value, name: str, budget: Budget) -> Value:
        if name not in SIMPLE_TYPES:
            return value
        fitting = coerced(value, Type(name), FileScope({}, self, budget))
        if fitting is None:
            raise Mismatch(f"{kind(value)} is not {name}")
        return fitting

    def _item(self, value: Value, item: model.ItemType, budget: Budget) -> Value:
        if item.function:
            return value if isinstance(value, Function) else self._refuse(value, item)
        if not item.collection:
            return self._meets(self._one(value, item, budget), item, item.constraint, budget)
        values = value if isinstance(value, list) else [value]
        budget.spend(len(values))
        admitted = [None if entry is None else self._one(entry, item, budget) for entry in values]
        return self._meets(admitted, item, item.constraint, budget)

    def _one(self, value: Value, item: model.ItemType, budget: Budget) -> Value:
        if item.components:
            value = self._components(value, item, budget)
        elif item.reference:
            value = self.admit(value, item.reference, budget)
        return self._meets(value, item, item.allowed, budget)

    def _meets(self, value: Value, item: model.ItemType, tests: model.Text | None, budget: Budget) -> Value:
        """The value, when it passes the tests of its type."""
        if value is None or not tests or tests.text not in self.allowed:
            return value
        run = self.allowed[tests.text].run
        return value if run(FileScope({"?": value}, self, budget)) is True else self._refuse(value, item)

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
