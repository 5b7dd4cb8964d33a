"""What is wrong with a folder, with file and line."""

from collections.abc import Iterable
from dataclasses import dataclass


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


def line_of(source: str, text: str, after: str = "") -> int:
    """The line in which `text` stands for the first time, below the line with `after`; 0 when nowhere."""
    start = source.find(after) if after else 0
    position = source.find(text, max(start, 0))
    return source.count("\n", 0, position) + 1 if position >= 0 else 0
