"""What is wrong with a folder, with file and line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""Where something lies in a TOML file: ("pages", 0, "questions", 2, "label")."""


@dataclass(frozen=True)
class Finding:
    """One mistake in one file; line 0 when it belongs to the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class FolderProblem(Exception):
    """A folder that cannot be used; `findings` says why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_SETTING = re.compile(r"\s*(\"[^\"]+\"|'[^']+'|[A-Za-z0-9_-]+)\s*=")
_SIGN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]')


@dataclass
class Lines:
    """Where each table, setting and item of a TOML file stands, found without reading its values twice."""

    source: str
    _places: dict[Path, int] = field(default_factory=dict)
    _arrays: dict[Path, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        around: Path = ()
        for number, line, position in self._statements():
            header, setting = _HEADER.match(line), _SETTING.match(line)
            if header:
                around = self._table(header[2], is_array=header[1] == "[[")
                self._places.setdefault(around, number)
            elif setting:
                here = (*around, setting[1].strip("\"'"))
                self._places.setdefault(here, number)
                self._items(here, number, position + setting.end())

    def of(self, path: Path) -> int:
        """The line where it stands or where its first part does, or else the table around it; 0 when nowhere."""
        while path and path not in self._places:
            within = [line for place, line in self._places.items() if place[: len(path)] == path]
            if within:
                return min(within)
            path = path[:-1]
        return self._places.get(path, 0)

    def _statements(self) -> Iterator[tuple[int, str, int]]:
        """Each line that begins a statement: its number, its text, its position."""
        number, position, length = 1, 0, len(self.source)
        while position < length:
            end = self.source.find("\n", position)
            end = length if end < 0 else end
            line = self.source[position:end]
            yield number, line, position
            setting = _SETTING.match(line)
            after = self._end(position + setting.end()) if setting else end
            number += self.source.count("\n", position, after) + 1
            position = after + 1

    def _table(self, name: str, *, is_array: bool) -> Path:
        path: Path = ()
        names = [part.strip().strip("\"'") for part in name.split(".")]
        for index, part in enumerate(names):
            path = (*path, part)
            if is_array and index == len(names) - 1:
                self._arrays[path] = self._arrays.get(path, -1) + 1
            if path in self._arrays:
                path = (*path, self._arrays[path])
        return path

    def _end(self, start: int) -> int:
        """Where the value that begins at `start` ends: the end of a line outside brackets and long strings."""
        depth, position = 0, start
        while found := _SIGN.search(self.source, position):
            position = found.end()
            sign = found[0]
            if sign in ('"""', "'''"):
                position = self.source.find(sign, position) + 3
                if position < 3:
                    break
            elif sign == "\n" and depth <= 0:
                return found.start()
            depth += sign in ("[", "{")
            depth -= sign in ("]", "}")
        return len(self.source)

    def _items(self, path: Path, number: int, start: int) -> None:
        """The lines of the tables in an array: `options = [{ … }, { … }]`."""
        depth, count, line = 0, 0, number
        for found in _SIGN.finditer(self.source, start, self._end(start)):
            sign = found[0]
            if sign == "{" and depth == 1:
                self._places[(*path, count)] = line
                count += 1
            line += sign == "\n"
            depth += sign in ("[", "{")
            depth -= sign in ("]", "}")
