"""A whole form gone through once: which pages are asked, what is wrong, which answers and declarations count."""

from dataclasses import dataclass
from typing import Any

from consular.formspec import kinds
from consular.formspec.judging import Given, Judged, judge
from consular.formspec.model import Answers, Declaration, Form, Page, Problem, ShownPage
from consular.formspec.problems import boxes, said_of, starting
from consular.formspec.showing import as_shown


@dataclass(frozen=True)
class WalkedPage:
    """One page: its questions as they were judged, and everything that is wrong with them."""

    page: Page
    judged: tuple[Judged, ...]
    problems: tuple[Problem, ...]
    is_started: bool

    @property
    def unanswered(self) -> int:
        """How many inputs wait for an answer; a group that is empty counts as one entry."""
        open_ones = (each.question for each in self.judged if each.is_shown and each.answer is None)
        return sum(max(1, len(question.questions)) for question in open_ones)

    @property
    def is_asked(self) -> bool:
        """Whether any of its questions is asked."""
        return any(judged.is_shown for judged in self.judged)


@dataclass(frozen=True)
class Walk:
    """The pages in order, and what counts in the end."""

    form: Form
    pages: tuple[WalkedPage, ...]
    given: Given

    @property
    def problems(self) -> list[Problem]:
        """Everything that keeps the form from being sent."""
        return [problem for page in self.pages for problem in page.problems]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that count."""
        return dict(self.given.answers)

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """The declarations that have to be attested."""
        return tuple(
            each for each in self.form.declarations if self.given.holds(each.show_when, otherwise=True)
        )

    @property
    def declarations_page(self) -> Page:
        """The declarations as one page of boxes to be ticked."""
        return boxes(self.declarations)

    @property
    def starting_values(self) -> dict[str, Any]:
        """What the process may see: the answers and the derived values that have `routes`."""
        return starting(self.form, self.given)

    def shown(self) -> list[ShownPage]:
        """Each page that is asked, with its answers as people read them, in the active language."""
        return [as_shown(each.page, each.judged, self.given) for each in self.pages if each.is_asked]


def walk(form: Form, answers: Answers) -> Walk:
    """Judge every question once."""
    given = Given()
    return Walk(form, tuple(_walked(page, answers, given) for page in form.pages), given)


def following(form: Form, page_id: str, answers: Answers) -> str:
    """The next page after this one of which anything is asked; "" after the last. No page beyond is judged."""
    given, is_behind = Given(), False
    for page in form.pages:
        judged = judge(page.questions, answers, given)
        if is_behind and any(each.is_shown for each in judged):
            return page.id
        for _rest in judged:
            pass  # `given` takes it
        is_behind = is_behind or page.id == page_id
    return ""


def _walked(page: Page, answers: Answers, given: Given) -> WalkedPage:
    judged = tuple(judge(page.questions, answers, given))
    is_started = any(each.is_shown and not kinds.is_blank(answers.get(each.question.id)) for each in judged)
    return WalkedPage(page, judged, tuple(said_of(page, judged, given)), is_started)
