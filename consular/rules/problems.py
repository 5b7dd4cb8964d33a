"""What can be wrong with a rule: its text, or the effort it asks for."""


class SyntaxProblem(Exception):
    """An expression or a decision file that cannot be read; `position` counts characters from 0."""

    def __init__(self, message: str, *, text: str = "", position: int = 0, element: str = "") -> None:
        before = text[:position]
        self.is_in_text = bool(text)
        self.message = message
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.element = element
        super().__init__(str(self))

    def within(self, element: str) -> "SyntaxProblem":
        """The same problem, naming the element of the file it was found in."""
        self.element = self.element or element
        self.args = (str(self),)
        return self

    @property
    def said(self) -> str:
        """What is wrong and where in the text, if in any, without the element."""
        return f"{self.message} (line {self.line}, column {self.column})" if self.is_in_text else self.message

    def __str__(self) -> str:
        return f"{self.element}: {self.said}" if self.element else self.said


class LimitReached(Exception):
    """An evaluation asked for more steps, longer lists or longer texts than allowed."""
