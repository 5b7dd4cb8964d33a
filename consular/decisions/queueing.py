"""L02 for those who have no appointment yet: that they wait for one, or what came of a draw."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import time_format
from django.utils.translation import gettext, ngettext

from consular.decisions.bodies import Entry, Queueing
from consular.decisions.facts import Drawn, Listed
from consular.decisions.letter import Version
from consular.decisions.source import Source, local_day, version, written


def waiting(source: Source, language: str) -> Version:
    """L02: since when somebody waits, or is registered for a draw, and how it goes on."""
    facts = source.facts
    if not isinstance(facts, Listed):
        raise ValueError("this letter needs a waiting list")
    lines = [
        Entry(gettext("People"), str(facts.people)),
        Entry(gettext("You wait since"), _moment(source, facts.since)),
    ]
    if facts.draw_at is None:
        body = _body(source, gettext("You are on the waiting list."), lines, _offered(facts))
        return version(source, language, gettext("Confirmation that you wait for an appointment"), body)
    lines += [
        Entry(gettext("Your ticket"), facts.ticket),
        Entry(gettext("Time of the draw"), _moment(source, facts.draw_at)),
    ]
    coming = (gettext("After the draw you are told whether you were drawn."),)
    body = _body(source, gettext("You are registered for the draw."), lines, coming)
    return version(source, language, gettext("Confirmation of your registration for the draw"), body)


def draw(source: Source, language: str) -> Version:
    """L02: whether somebody was drawn, as which number, and where anybody can check it."""
    facts = source.facts
    if not isinstance(facts, Drawn):
        raise ValueError("this letter needs a draw")
    is_drawn = facts.turn <= facts.winners
    numbers = {"turn": facts.turn, "winners": facts.winners}
    if is_drawn:
        stands = gettext("You were drawn: number %(turn)s. You are offered a time as soon as there is one.")
    else:
        stands = gettext(
            "You were not drawn this time: number %(turn)s, and %(winners)s were drawn. You can register for the next "
            "draw."
        )
    lines = [
        Entry(gettext("Your ticket"), facts.ticket),
        Entry(gettext("Time of the draw"), _moment(source, facts.drawn_at)),
    ]
    proof = f"{settings.PUBLIC_URL}/draws/{facts.draw}"
    body = _body(source, stands % numbers, lines, (), proof)
    return version(source, language, gettext("Result of the draw of appointments"), body)


def _offered(facts: Listed) -> tuple[str, ...]:
    sentence = ngettext(
        "When it is your turn, we keep a time for you for %(hours)s hour and write to you.",
        "When it is your turn, we keep a time for you for %(hours)s hours and write to you.",
        facts.offer_hours,
    )
    rank = gettext(
        "Your rank belongs to you: it stays when your application moves to another mission. Nobody can buy or sell it."
    )
    return (sentence % {"hours": facts.offer_hours}, rank)


def _body(
    source: Source, stands: str, lines: list[Entry], coming: tuple[str, ...], proof: str = ""
) -> Queueing:
    page = f"{settings.PUBLIC_URL}/my"
    return Queueing(source.service, stands, tuple(lines), coming, page, proof)


def _moment(source: Source, moment: datetime) -> str:
    """Day and time at the mission."""
    zone = ZoneInfo(source.case.mission.time_zone if source.case.mission else "UTC")
    clock = time_format(moment.astimezone(zone).time(), "TIME_FORMAT")
    return gettext("%(day)s, %(time)s (local time)") % {
        "day": written(local_day(moment, source.case)),
        "time": clock,
    }
