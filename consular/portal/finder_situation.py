"""Questions about somebody's situation, asked where the answer changes fee or documents. All of them may stay open."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consular import fees, formspec
from consular.formspec.widgets import FEW, LongSelect, OneOf, SeveralOf, YesNo
from consular.portal.finder_form import WRONG

PREFIX = "my"
AGE = "age"
OPEN = _("I do not know yet, or do not want to say")


class SituationForm(forms.Form):
    """The facts that the tables of a service ask for, as codes: an age only as a group of ages."""

    def __init__(self, folder: formspec.Folder, known: dict[str, Any], data: QueryDict) -> None:
        super().__init__(_answered(data), prefix=PREFIX)
        self.folder = folder
        self.fields.update(self._age())
        self.fields.update({question.id: _field(question) for question in fees.questions(folder)})
        self.facts: dict[str, Any] = {}
        self._settle(known)

    @property
    def is_open(self) -> bool:
        """Whether a question that matters has no answer yet."""
        return any(name not in self.facts for name in self.fields)

    def _settle(self, known: dict[str, Any]) -> None:
        """Leave out questions that do not concern somebody after what they have answered."""
        while True:
            self.full_clean()
            self.facts = {**known, **self._told()}
            asked = {each.id for each in fees.asked(self.folder, self.facts)}
            gone = [name for name in self.fields if name != AGE and name not in asked]
            if not gone:
                break
            for name in gone:
                del self.fields[name]
        self.facts = fees.with_derived(self.folder, self.facts)

    def _told(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if AGE in given:
            given[AGE] = int(given[AGE].partition("-")[0])
        yes_no = {name for name, field in self.fields.items() if isinstance(field.widget, YesNo)}
        return {name: value == "yes" if name in yes_no else value for name, value in given.items()}

    def _age(self) -> dict[str, forms.Field]:
        starts = fees.ages(self.folder)
        if len(starts) == 1:
            return {}
        groups = [(first, after - 1) for first, after in zip(starts, starts[1:], strict=False)]
        choices = [(f"{first}-{last}", age_group(first, last)) for first, last in groups]
        choices.append((f"{starts[-1]}-", age_group(starts[-1], None)))
        return {AGE: _choice(_("Age of the person who travels or needs the document"), "", choices)}


def age_group(first: int, last: int | None) -> str:
    """A group of ages in words."""
    ages = {"first": first, "last": last}
    if last is None:
        return gettext("Age %(first)s and over") % ages if first else gettext("Every age")
    if first == 0:
        return gettext("Age up to %(last)s") % ages
    return gettext("Age %(first)s to %(last)s") % ages


def _answered(data: QueryDict) -> QueryDict:
    """What was answered: an empty value says only that the question was passed by."""
    answered = QueryDict(mutable=True)
    for name, values in data.lists():
        given = [value for value in values if value]
        if given:
            answered.setlist(name, given)
    return answered


def _field(question: formspec.Question) -> forms.Field:
    if question.kind == "yes_no":
        return _choice(question.label, question.hint, [("yes", _("Yes")), ("no", _("No"))], YesNo)
    options = [(option.value, option.label) for option in question.options]
    if question.kind == "choices":
        return forms.MultipleChoiceField(
            label=question.label, help_text=question.hint, choices=options, widget=SeveralOf, required=False,
            error_messages={"invalid_choice": WRONG["invalid_choice"]},
        )  # fmt: skip
    return _choice(question.label, question.hint, options)


def _choice(
    label: Any, hint: Any, options: list[Any], widget: type[forms.Widget] | None = None
) -> forms.Field:
    """One of few as radio buttons, one of many as a list; nothing need be chosen."""
    shown = widget or (OneOf if len(options) < FEW else LongSelect)
    return forms.ChoiceField(
        label=label, help_text=hint, choices=[("", OPEN), *options], widget=shown, required=False,
        error_messages=WRONG,
    )  # fmt: skip
