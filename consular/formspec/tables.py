"""One table of a TOML file while a form is read from it: its settings, and a word with its line on each mistake."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from consular.formspec.lines import Finding, Lines, Path
from consular.rules import dmn


@dataclass
class File:
    """A file that is being read, the decision tables beside it, and what was found wrong with it."""

    name: str
    source: str
    decisions: Mapping[str, dmn.Definitions] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = Lines(self.source)

    def report(self, path: Path, message: str) -> None:
        """Note a mistake; `path` says where."""
        self.findings.append(Finding(self.name, self.lines.of(path), message))


@dataclass(frozen=True)
class Table:
    """One table and where it lies."""

    file: File
    values: Mapping[str, Any]
    path: Path = ()

    def report(self, message: str, *where: str | int) -> None:
        """Note a mistake of this table, or of what lies at `where` in it."""
        self.file.report((*self.path, *where), message)

    def keys(self, known: Iterable[str]) -> None:
        """Note settings that there are not."""
        for key in sorted(set(self.values) - set(known)):
            self.report(f'there is no setting called "{key}"', key)

    def plain(self, kinds: Mapping[str, type]) -> dict[str, Any]:
        """The settings that are plain text, number or yes/no."""
        found = {}
        for key, value in self.values.items():
            if key in kinds and not isinstance(value, kinds[key]):
                self.report(f"{key} must be {kinds[key].__name__}", key)
            elif key in kinds:
                found[key] = value
        return found

    def text(self, key: str, *, optional: bool = False) -> Any:
        """A sentence, translated when it is shown."""
        sentence = self.values.get(key, "")
        if not isinstance(sentence, str):
            self.report(f"{key} must be str", key)
        elif sentence:
            return gettext_lazy(" ".join(sentence.split()))
        elif not optional:
            self.report(f"{key} is missing")
        return ""

    def word(self, key: str) -> str:
        """A plain word such as an id; "" when there is none."""
        return str(self.values.get(key, ""))

    def tables(self, key: str) -> list["Table"]:
        """A list of tables; empty when there is none."""
        found = self.values.get(key, [])
        if isinstance(found, list) and all(isinstance(each, Mapping) for each in found):
            return [Table(self.file, each, (*self.path, key, index)) for index, each in enumerate(found)]
        self.report(f"{key} must be a list of tables", key)
        return []
