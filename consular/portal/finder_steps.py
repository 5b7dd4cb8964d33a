"""One question of the finder at a time: which is next, and what earlier answers are carried along in the address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from consular.portal.finder_form import BASE, LABELS, PRESENT, FinderForm
from consular.portal.finder_situation import PREFIX, SituationForm

VIEW = "view"
STEPS = "steps"
ASK = "ask"
LONGEST = 80
"""No answer is longer; anything longer is not carried along."""


@dataclass(frozen=True)
class Step:
    """One question on a page of its own. `whole` is the address where everything is asked, or answered, at once."""

    form: FinderForm | SituationForm
    field: BoundField
    carried: tuple[tuple[str, str], ...]
    whole: str
    can_be_passed: bool

    @property
    def errors(self) -> bool:
        """Whether what was answered before does not fit."""
        return bool(self.field.errors)


@dataclass(frozen=True)
class Given:
    """One answer, and where to change it."""

    label: str
    value: str
    url: str


def next_step(data: QueryDict, form: FinderForm, situation: SituationForm | None) -> Step | None:
    """The question to ask now: the one that was asked for, or the first that is open; None when there is none."""
    wanted = data.get(ASK, "")
    if wanted == PRESENT:
        form.ask_where_one_is()
    if data.get(VIEW) != STEPS and not wanted:
        return None
    for name, field in _fields(form, situation):
        if name == wanted or (not wanted and _is_open(name, field, data)):
            return _step(data, field)
    return None


def carried(data: QueryDict, without: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The answers given so far, but for these, as they stand in the address."""
    left_out = {*without, ASK, VIEW}
    known = ((name, value) for name, values in data.lists() for value in values if name not in left_out)
    return tuple((name, value) for name, value in known if _is_ours(name) and len(value) <= LONGEST)


def given(data: QueryDict, form: FinderForm, situation: SituationForm) -> tuple[Given, ...]:
    """What was answered, as people read it."""
    rows = ((name, field, _in_words(field)) for name, field in _fields(form, situation) if data.get(name))
    return tuple(
        Given(str(field.label), words, address(data, ask=name)) for name, field, words in rows if words
    )


def address(data: QueryDict, **more: str) -> str:
    """The address of the finder with the answers so far."""
    query = QueryDict(mutable=True)
    for name, value in carried(data, ()):
        query.appendlist(name, value)
    query.update(more)
    return f"{reverse('portal:finder')}?{query.urlencode()}"


def _step(data: QueryDict, field: BoundField) -> Step:
    form, name = field.form, field.html_name
    passed = isinstance(form, SituationForm)
    view = ((VIEW, STEPS),) if data.get(VIEW) == STEPS else ()
    marker = ((name, ""),) if passed else ()
    return Step(form, field, (*carried(data, [name, *_inside(name)]), *view, *marker), address(data), passed)


def _fields(form: FinderForm, situation: SituationForm | None) -> Iterator[tuple[str, BoundField]]:
    names = [name for name in (*BASE, *LABELS, PRESENT) if name in form.fields]
    yield from ((name, form[name]) for name in sorted(names, key=lambda name: name.startswith(PRESENT)))
    yield from ((field.html_name, field) for field in situation or ())


def _is_open(name: str, field: BoundField, data: QueryDict) -> bool:
    return name not in data or bool(field.errors)


def _inside(name: str) -> tuple[str, ...]:
    """The answers that another answer to this question makes meaningless."""
    return {
        "country": ("state", "county"),
        "state": ("county",),
        PRESENT: (f"{PRESENT}_state", f"{PRESENT}_county"),
    }.get(name, ())


def _is_ours(name: str) -> bool:
    return name in (*BASE, PRESENT, *LABELS) or name.startswith(f"{PREFIX}-")


def _in_words(field: BoundField) -> str:
    value = field.value()
    chosen = {str(each) for each in (value if isinstance(value, list) else [value]) if each}
    choices = getattr(field.field, "choices", ())
    return gettext(", ").join(str(label) for code, label in choices if str(code) in chosen)
