"""The questions of the finder: service, nationality, residence; state and county only where they matter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consular import formspec
from consular.formspec.widgets import LongSelect
from consular.missions import areas
from consular.routing import NotPrecise

BASE = ("service", "nationality", "country")
LABELS = {"state": _("State or province"), "county": _("County")}
Choices = list[tuple[str, str]]
WRONG = {
    "required": _("Please choose an answer."),
    "invalid_choice": _("Please choose an answer from the list."),
}


class FinderForm(forms.Form):
    """The questions as a form to be sent by GET: nothing in it says who somebody is."""

    service = forms.ChoiceField(widget=LongSelect, label=_("What do you need?"), error_messages=WRONG)
    nationality = forms.ChoiceField(
        widget=LongSelect,
        label=_("Nationality"),
        help_text=_("The nationality in the travel document you will use."),
        error_messages=WRONG,
    )
    country = forms.ChoiceField(
        widget=LongSelect,
        label=_("Country where you live"),
        help_text=_("Where you live most of the year, with permission to stay."),
        error_messages=WRONG,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("service", [(folder.service, str(folder.form.title)) for folder in formspec.services()])
        self._offer("nationality", _pairs(areas.nationalities()))
        self._offer("country", _pairs(areas.countries()))

    @property
    def is_complete(self) -> bool:
        """Whether somebody answered the questions that everybody is asked."""
        return all(name in self.data for name in BASE)

    @property
    def asks_more(self) -> bool:
        """Whether the answers of everybody were not enough."""
        return len(self.fields) > len(BASE)

    def forgive_unasked(self) -> None:
        """A link may carry only some answers: the others are not wrong, only open."""
        for name in set(self.errors) - set(self.data):
            del self.errors[name]

    def narrow(self, more: NotPrecise) -> str | None:
        """Ask for the state or county; the answer, or None when there is none that fits.

        An answer that lies elsewhere was meant for another country: it is left out like none.
        """
        name = more.needed
        options = areas.states(more.area) if name == "state" else areas.counties(more.area)
        self.fields[name] = forms.ChoiceField(widget=LongSelect, label=LABELS[name])
        self._offer(name, _pairs(options))
        given = self.data.get(name)
        if given is None:
            return None
        try:
            code = areas.canonical(given) if given else ""
        except areas.UnknownArea as unknown:
            self.add_error(name, str(unknown.message))
            return None
        if code in {option.code for option in options}:
            return code
        if not code:
            self.add_error(name, WRONG["required"])
        return None

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        field.choices = [("", _("Please choose")), *choices]


def _pairs(options: Iterable[areas.Option]) -> Choices:
    return [(option.code, option.name) for option in options]
