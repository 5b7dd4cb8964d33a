"""How long decisions take now, in words: at a mission, and for one case. Never a promise."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from consular.cases.forecast import Forecast, Own
from consular.fees import Duration


def period(time: Duration) -> str:
    """How long the law, or the service, allows for a decision."""
    days = {"usual": time.usual_days, "most": time.most_days}
    if time.usual_days == 0:
        sentence = ngettext(
            "As a rule the decision is taken on the same day, at the latest %(most)s day later.",
            "As a rule the decision is taken on the same day, at the latest %(most)s days later.",
            time.most_days,
        )
        return sentence % days
    return gettext("Calendar days until the decision: %(usual)s as a rule, %(most)s at most.") % days


def here(found: Forecast | None) -> str:
    """What was measured at the mission, and from when to when the time counts."""
    if found is None:
        return gettext("We have too few decided applications of the last weeks to say more than that.")
    return " ".join([*_measured(found), gettext("This is no promise.")])


def own(expected: Own | None) -> str:
    """What that means for one case; "" where nothing can be said."""
    if expected is None:
        return ""
    if expected.is_longer:
        return gettext(
            "Your application is taking longer than nine of ten of those that were decided here lately. We cannot say "
            "when it will be decided."
        )
    if expected.half is None or expected.nine_of_ten is None:
        return here(expected.forecast)
    return " ".join(_days(expected))


def _days(expected: Own) -> Iterator[str]:
    values = {
        "half": date_format(expected.half, "DATE_FORMAT"),
        "most": date_format(expected.nine_of_ten, "DATE_FORMAT"),
        "since": date_format(expected.forecast.since, "DATE_FORMAT"),
    }
    if expected.is_past_half or expected.half == expected.nine_of_ten:
        sentence = gettext(
            "If it goes as since %(since)s, nine of ten such applications are decided by %(most)s."
        )
    else:
        sentence = gettext(
            "If it goes as since %(since)s, half of such applications are decided by %(half)s, nine of ten by %(most)s."
        )
    yield sentence % values
    yield gettext("This is no promise.")


def _measured(found: Forecast) -> Iterator[str]:
    since = date_format(found.since, "DATE_FORMAT")
    half, most = found.half_days, found.nine_of_ten_days
    if half == most:
        yield _nine_of_ten(most, since)
    else:
        yield _half(half, since)
        sentence = ngettext(
            "Nine of ten took up to %(days)s day.", "Nine of ten took up to %(days)s days.", most
        )
        yield sentence % {"days": most}
    yield gettext(
        "Counted from the day on which the mission took in the application to the day of the decision."
    )


def _half(days: int, since: str) -> str:
    values = {"since": since, "days": days}
    if days == 0:
        return (
            gettext("Half of the applications decided here since %(since)s were decided on the same day.")
            % values
        )
    return (
        ngettext(
            "Half of the applications decided here since %(since)s took up to %(days)s day.",
            "Half of the applications decided here since %(since)s took up to %(days)s days.",
            days,
        )
        % values
    )


def _nine_of_ten(days: int, since: str) -> str:
    values = {"since": since, "days": days}
    if days == 0:
        sentence = gettext(
            "Nine of ten applications decided here since %(since)s were decided on the same day."
        )
        return sentence % values
    return (
        ngettext(
            "Nine of ten applications decided here since %(since)s took up to %(days)s day.",
            "Nine of ten applications decided here since %(since)s took up to %(days)s days.",
            days,
        )
        % values
    )
