"""Types that a decision file refers to although nobody defines them."""

from collections.abc import Iterable, Iterator

from consular.rules.dmn import model
from consular.rules.dmn.definitions import Definitions
from consular.rules.dmn.walking import logic_of, tables


def unknown_types(definitions: Definitions) -> list[tuple[str, str]]:
    """The element and the type of every reference that leads nowhere."""
    found = [*_items(definitions.file.types.values()), *_parts(definitions.file)]
    wrong = [(element, name) for element, name in found if name and not definitions.types.knows(name)]
    return list(dict.fromkeys(wrong))


def _items(items: Iterable[model.ItemType]) -> Iterator[tuple[str, str]]:
    for item in items:
        yield item.name, item.reference
        yield item.name, item.result
        yield from _items(item.components)


def _parts(file: model.File) -> Iterator[tuple[str, str]]:
    for part in file.parts.values():
        yield part.id, part.variable.type
        logic = logic_of(part)
        if isinstance(logic, model.FunctionDefinition):
            yield part.id, logic.result
            yield from ((part.id, parameter.type) for parameter in logic.parameters)
        for table in tables(part):
            yield from ((table.id, column.type) for column in table.inputs)
            yield from ((table.id, output.type) for output in table.outputs)
