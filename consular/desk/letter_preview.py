"""Every letter as it would be, about people who do not exist, for those who look after letters and their texts."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from consular.accounts.models import Role
from consular.casework import letter_samples
from consular.casework.letter_samples import Wanted
from consular.core import clock
from consular.decisions.composing import LETTERS
from consular.desk.access import officer_required
from consular.desk.calendar_rows import day_field
from consular.missions.models import Mission
from consular.missions.postings import Duties
from consular.missions.titles import title

AHEAD = timedelta(days=730)
READERS = (Role.ADMINISTRATOR, Role.HEAD_OF_SECTION)


class SampleForm(forms.Form):
    """Which letter, in which language, about whom, of which mission, on which day."""

    letter = forms.ChoiceField(label=_("Letter"))
    language = forms.ChoiceField(
        label=_("Language of the application"),
        help_text=_("Some letters are in German, or in two languages, whatever the application is in."),
        choices=settings.LANGUAGES,
    )
    person = forms.ChoiceField(
        label=_("Sample"), choices=[(name, label) for name, (label, *_name) in letter_samples.PEOPLE.items()]
    )
    mission = forms.ChoiceField(label=_("Mission"))
    on = day_field(_("Day of the letter"), help_text=_("Texts of the mission are those of this day."))

    def __init__(self, data: Any, missions: dict[str, Mission], today: date) -> None:
        super().__init__(data, initial={"language": get_language(), "on": today})
        self.fields["letter"].choices = [(name, f"{name}: {how.kind.label}") for name, how in LETTERS.items()]
        self.fields["mission"].choices = [(code, title(one)) for code, one in missions.items()]
        self.today = today

    def clean_on(self) -> date:
        """Letters of the past stand in the register; remedies and texts of the next two years are known or not."""
        on: date = self.cleaned_data["on"]
        if not self.today <= on <= self.today + AHEAD:
            raise forms.ValidationError(_("Choose today or a day within the next two years."))
        return on


@require_safe
@officer_required(*READERS)
def page(request: HttpRequest) -> HttpResponse:
    """The choice, and the sample as a PDF once something is chosen."""
    missions = _missions(request.duties)
    form = SampleForm(request.GET if "letter" in request.GET else None, missions, clock.today())
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "desk/letter_preview.html", {"form": form}, status=status)
    chosen = form.cleaned_data
    wanted = Wanted(
        chosen["letter"], chosen["language"], chosen["person"], missions[chosen["mission"]], chosen["on"]
    )
    content = letter_samples.preview(wanted, actor=request.user)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{wanted.letter}-{wanted.language}-sample.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _missions(held: Duties) -> dict[str, Mission]:
    """The missions whose letters somebody looks after, by code."""
    listed = Mission.objects.order_by("code")
    if not held.everywhere & set(READERS):
        listed = listed.filter(pk__in=held.missions_with(READERS))
    return {one.code: one for one in listed}
