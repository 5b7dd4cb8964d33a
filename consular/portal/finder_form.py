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
PRESENT = "present"
LABELS = {
    "state": _("State or province"),
    "county": _("County"),
    "present_state": _("State or province where you are staying"),
    "present_county": _("County where you are staying"),
}
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
        self._offer("service", [(folder.service, str(folder.form.title)) for folder in formspec.offered()])
        self._offer("nationality", _pairs(areas.nationalities()))
        self._offer("country", _pairs(areas.countries()))
        if self.data.get(PRESENT):
            self.ask_where_one_is()

    @property
    def is_complete(self) -> bool:
        """Whether somebody answered the questions that everybody is asked."""
        return all(name in self.data for name in BASE)

    @property
    def asks_more(self) -> bool:
        """Whether the answers of everybody were not enough."""
        return bool(self.fields.keys() & LABELS.keys())

    def forgive_unasked(self) -> None:
        """A link may carry only some answers: the others are not wrong, only open."""
        for name in set(self.errors) - set(self.data):
            del self.errors[name]

    def ask_where_one_is(self) -> None:
        """Ask where somebody is staying who does not live there."""
        self.fields[PRESENT] = forms.ChoiceField(
            widget=LongSelect,
            label=_("Country where you are staying now"),
            required=False,
            error_messages=WRONG,
        )
        self._offer(PRESENT, _pairs(areas.countries()))

    def place(self, country: str = "country", prefix: str = "") -> str:
        """Where somebody lives or, with the names of those questions, is staying: as precisely as they have said."""
        code: str = self.cleaned_data[country]
        state = self._part(f"{prefix}state", areas.states(code))
        return self._part(f"{prefix}county", areas.counties(state)) or state if state else code

    def narrow(self, more: NotPrecise) -> str | None:
        """Ask for the state or county; the answer, or None when there is none that fits.

        An answer that lies elsewhere was meant for another country: it is left out like none.
        """
        name = more.needed if more.field == "residence" else f"{PRESENT}_{more.needed}"
        options = areas.states(more.area) if more.needed == "state" else areas.counties(more.area)
        self._ask_part(name, options)
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

    def _part(self, name: str, options: tuple[areas.Option, ...]) -> str:
        """The part of an area that was given, if it is one; then it is a question that was asked."""
        try:
            code = areas.canonical(self.data.get(name, ""))
        except areas.UnknownArea:
            return ""
        if code not in {option.code for option in options}:
            return ""
        self._ask_part(name, options)
        return code

    def _ask_part(self, name: str, options: tuple[areas.Option, ...]) -> None:
        self.fields[name] = forms.ChoiceField(widget=LongSelect, label=LABELS[name])
        self._offer(name, _pairs(options))

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        field.choices = [("", _("Please choose")), *choices]


def _pairs(options: Iterable[areas.Option]) -> Choices:
    return [(option.code, option.name) for option in options]
