"""`consular responsible`: which mission is responsible, and because of which rule."""

import json
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from consular import fees, formspec, routing
from consular.core.errors import Refused
from consular.missions.models import IntakeSite, Mission, ServiceGroup
from consular.missions.titles import title

NOBODY = 1
BAD_INPUT = 2
NO_DATABASE = 3


class Command(BaseCommand):
    """Answer one question about responsibility."""

    help = (
        "Say which mission is responsible for a person, and because of which rule. "
        "Ends with 1 when nobody is responsible, with 2 when the question cannot be understood, "
        "with 3 when there is no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--service", required=True, help="a service (schengen_visa) or a group of services (passport_id)"
        )
        parser.add_argument(
            "--residence",
            required=True,
            metavar="AREA",
            help="ISO 3166-1 (PK), 3166-2 (IN-MH), with /county where a district is split (US-CA/06037)",
        )
        parser.add_argument("--nationality", required=True, metavar="ISO3", help="ISO 3166-1 alpha-3 (IND)")
        parser.add_argument("--destination", metavar="ISO3", help="state of the main destination (DEU)")
        parser.add_argument(
            "--present-in", metavar="AREA", help="where somebody stays who does not live there"
        )
        parser.add_argument("--on", metavar="DATE", help="the day, as 2026-03-01; today unless given")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = routing.responsible(
                options["service"],
                nationality=options["nationality"],
                residence=options["residence"],
                on=_day(options["on"]),
                situation=routing.Situation(options["destination"], options["present_in"]),
            )
            told = _told(options["service"], answer)
        except Refused as refusal:
            raise self._failure(refusal, as_json=options["json"]) from refusal
        except DatabaseError as failure:
            raise CommandError("The database does not answer.", returncode=NO_DATABASE) from failure
        self.stdout.write(_as_json(told) if options["json"] else _as_text(told))

    def _failure(self, refusal: Refused, *, as_json: bool) -> CommandError:
        is_answer = isinstance(refusal, routing.NobodyResponsible)
        if as_json:
            self.stdout.write(json.dumps({"mission": None, **refusal.as_problem()}, ensure_ascii=False))
        sentence = str(refusal.message)
        if isinstance(refusal, formspec.NoSuchService):
            known = [folder.service for folder in formspec.offered()] + ServiceGroup.values
            sentence = f"{sentence} Known: {', '.join(known)}."
        elif is_answer and not Mission.objects.exists():
            sentence = "No missions are loaded yet: run consular load_missions."
        return CommandError(sentence, returncode=NOBODY if is_answer else BAD_INPUT)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text[:40]!r} is no date. Write it as 2026-03-01.", field="on", status=422) from None


@dataclass(frozen=True)
class Told:
    """The answer with what follows from it; `prices` are known only of a service, not of a group of services."""

    found: routing.Responsible
    change: routing.Change | None
    sites: tuple[IntakeSite, ...]
    prices: tuple[fees.Price, ...]


def _told(service: str, found: routing.Responsible) -> Told:
    change, sites = routing.upcoming(service, found), routing.intake_sites(found)
    if service in ServiceGroup.values:
        return Told(found, change, sites, ())
    question = found.question
    facts = fees.facts_of(question.nationality, question.residence)
    bands = fees.known(formspec.latest(service), facts, question.on)
    return Told(found, change, sites, fees.prices(bands, fees.rate_of(found.mission, question.on)))


def _as_text(told: Told) -> str:
    answer = told.found
    lines = [f"{answer.mission.code}  {title(answer.mission)}", answer.because.sentence]
    if told.change:
        lines.append(told.change.because.sentence)
    if answer.represented_state:
        lines.append(f"Decides on behalf of {answer.represented_state}.")
    if answer.is_uncertain:
        lines.append("This assignment still has to be confirmed by the mission.")
    lines += [
        f"Applications also: {site.name or site.get_kind_display()}, {site.city}" for site in told.sites
    ]
    lines += [_price(price) for price in told.prices]
    return "\n".join([*lines, f"Rule: {answer.because.rule}"])


def _as_json(told: Told) -> str:
    answer, because, change = told.found, told.found.because, told.change
    return json.dumps(
        {
            "mission": answer.mission.code,
            "name": title(answer.mission),
            "kind": answer.mission.kind,
            "city": answer.mission.city,
            "country": answer.mission.country,
            "time_zone": answer.mission.time_zone,
            "intake": answer.intake.code,
            "deciding_office": answer.deciding_office.code,
            "represented_state": answer.represented_state,
            "rule": because.rule,
            "because": because.sentence,
            "valid_from": because.valid_from.isoformat() if because.valid_from else None,
            "uncertain": answer.is_uncertain,
            "upcoming": change and _change(change),
            "alternatives": [
                {"kind": site.kind, "name": site.name, "city": site.city, "uncertain": site.uncertain}
                for site in told.sites
            ],
            "fees": [asdict(price) for price in told.prices],
        },
        ensure_ascii=False,
        default=str,
    )


def _change(change: routing.Change) -> dict[str, str | None]:
    code = change.mission.code if change.mission else None
    return {"on": change.on.isoformat(), "mission": code, "because": change.because.sentence}


def _price(price: fees.Price) -> str:
    ages = f"from age {price.from_age}" + (f" to {price.to_age}" if price.to_age is not None else "")
    local = f" ({price.local_amount} {price.local_currency})" if price.local_amount is not None else ""
    return f"Fee {ages}: {price.amount} {price.currency}{local}"
