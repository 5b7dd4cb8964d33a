"""Searching cases: by any spelling, only what one may see, never without a purpose, and never without a trace."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consular import casework
from consular.accounts.models import Role, User
from consular.cases import lookup, related
from consular.cases.lookup import Wanted
from consular.cases.models import Answers, Case, CaseQuerySet, Search, SearchName, SearchWord
from consular.casework import searching
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.missions.postings import duties
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db

PEOPLE = {
    "ama": {"surname": "Mensah", "given_names": "Ama"},
    "jürgen": {"surname": "Müller-Weiß", "given_names": "Jürgen", "doc_number": "C01X00T47"},
    "zhang": {"surname": "Zhang", "given_names": "Wei", "doc_number": "E1"},
    "ali": {"surname": "Muhammad", "given_names": "Ali", "doc_number": "E2", "birth_date": "1980-02-03"},
    "ivan": {"surname": "Kuznetsov", "given_names": "Ivan", "doc_number": "E3", "birth_date": "1970"},
    "twin": {"surname": "Mensa", "given_names": "Ama", "doc_number": "E4"},
    "swapped": {"surname": "Mensah", "given_names": "Ama", "doc_number": "E5", "birth_date": "1990-12-04"},
}
FOUND: list[tuple[Wanted, str]] = [
    (Wanted("mensah"), "ama swapped twin"),
    (Wanted("AMA MENSAH"), "ama swapped twin"),
    (Wanted("Mensha"), "ama swapped twin"),
    (Wanted("MUELLER WEISS"), "jürgen"),
    (Wanted("juergen"), "jürgen"),
    (Wanted("Mu\u0308ller"), "jürgen"),
    (Wanted("محمد علي"), "ali"),
    (Wanted("Mohamed"), "ali"),
    (Wanted("Кузнецов Иван"), "ivan"),
    (Wanted("Kusnezow"), "ivan"),
    (Wanted("Schmidt"), ""),
    (Wanted("Mensah", birth_date=date(1990, 4, 12)), "ama twin"),
    (Wanted(birth_date=date(1970, 5, 6)), "ivan"),
    (Wanted(document="c01x-00t47"), "jürgen"),
    (Wanted("Zhang", document="C01X00T47"), ""),
]


def sent(mission: Mission, **changed: object) -> Case:
    """A sent case with these answers, and what it is found by, as sending it leaves them."""
    case = factories.sent_case(mission=mission)
    answers = stages.answers(**changed)
    Answers.objects.filter(case=case).update(data=answers)
    searching.add_names(case, stages.folder().form, answers)
    return case


@dataclass(frozen=True)
class Town:
    mission: Mission
    clerk: User
    cases: dict[str, Case]

    def search(self, wanted: Wanted, **how: object) -> str:
        """The people who are found, by the names of this test in the order of the alphabet."""
        done = casework.search(wanted, **{"purpose": "mail", "actor": self.clerk, **how})
        return " ".join(sorted(name for name, case in self.cases.items() if case.pk in done.shown))


@pytest.fixture
def town() -> Town:
    mission = factories.mission()
    clerk = factories.official(Role.INTAKE_CLERK, mission=mission)
    return Town(mission, clerk, {name: sent(mission, **answers) for name, answers in PEOPLE.items()})


def test_people_are_found_however_their_names_are_written(town: Town) -> None:
    own = sent(town.mission, surname="李", given_names="伟", doc_number="E6")
    town.cases["wei"] = own

    assert [town.search(wanted) for wanted, _who in FOUND] == [who for _wanted, who in FOUND]
    assert (town.search(Wanted("李伟")), town.search(Wanted("伟 李"))) == ("wei", "wei")
    assert town.search(Wanted(reference=own.reference)) == "wei"
    best = casework.search(Wanted("Ama Mensa"), purpose="mail", actor=town.clerk).shown[0]
    assert best == town.cases["twin"].pk


def test_only_cases_that_one_may_open_are_found_and_every_search_is_written_down(town: Town) -> None:
    there = factories.mission()
    elsewhere = factories.official(Role.CASEWORKER, mission=there)
    everywhere = factories.official(Role.CASEWORKER)
    ways = [Wanted("Mensah"), Wanted(document="G1234567"), Wanted(reference=town.cases["ama"].reference)]

    assert {town.search(wanted, actor=elsewhere) for wanted in ways} == {""}
    assert town.search(ways[0], actor=everywhere) == "ama swapped twin"
    kept = Search.objects.filter(by=elsewhere).order_by("pk")
    assert [each.fields for each in kept] == [["name"], ["document"], ["reference"]]
    assert bytes(kept[0].digest) == Wanted("MENSAH").digest != Wanted("Mensa").digest
    assert not any("ensah" in str(value) for row in kept.values() for value in row.values())

    Token.objects.create(
        instance=town.cases["ama"].instance, number=1, node="examine", kind="task", lane=Role.CASEWORKER,
        mission=there, since=clock.now(), due_at=clock.now(),
    )  # fmt: skip
    assert town.search(ways[0], actor=elsewhere) == "ama"


def test_without_visible_to_a_search_would_show_what_others_may_see(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = factories.mission()
    elsewhere = factories.official(Role.CASEWORKER, mission=there)
    SearchName.objects.update(missions=[there.pk])
    assert town.search(Wanted("Mensah"), actor=elsewhere) == ""

    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda cases, *_who: cases.all())

    assert town.search(Wanted("Mensah"), actor=elsewhere) == "ama swapped twin"


def test_a_search_needs_a_purpose_something_to_search_by_and_a_role(town: Town) -> None:
    slots = factories.official(Role.SLOT_MANAGER, mission=town.mission)
    wrong = [
        (Wanted("Mensah"), {"purpose": ""}, "no_purpose"),
        (Wanted("Mensah"), {"purpose": "curiosity"}, "no_purpose"),
        (Wanted("Mensah"), {"purpose": "other", "note": "  "}, "no_note"),
        (Wanted(), {}, "nothing"),
        (Wanted("x"), {}, "short"),
        (Wanted("Mensah"), {"actor": slots}, "forbidden"),
        (Wanted("Mensah"), {"actor": town.cases["ama"].owner}, "forbidden"),
    ]

    for wanted, how, code in wrong:
        with pytest.raises(Refused) as refused:
            town.search(wanted, **how)
        assert refused.value.code == code
    assert not Search.objects.exists()


def test_auditors_read_the_searches_of_their_missions_and_the_daily_sweep_forgets_old_ones(
    town: Town,
) -> None:
    before = town.search(Wanted("Zhang"), purpose="other", note="File 7")
    here = duties(factories.official(Role.AUDITOR, mission=town.mission))
    there = duties(factories.official(Role.AUDITOR, mission=factories.mission()))
    everywhere = duties(factories.official(Role.AUDITOR))

    assert before == "zhang"
    seen = [
        [each.note for each in searching.to_audit(who, before=None, most=5)]
        for who in (here, there, everywhere)
    ]
    assert seen == [["File 7"], [], ["File 7"]]
    Search.objects.bulk_create(
        [
            Search(by=town.clerk, at=clock.now() - timedelta(days=800), purpose="mail", fields=[],
                   digest=b"", missions=[], shown=[])
        ]
    )  # fmt: skip
    SearchWord.objects.create(word="NOBODY", consonants="NBD")
    assert searching.sweep() == 2
    assert (Search.objects.count(), SearchWord.objects.filter(word="NOBODY").exists()) == (1, False)


def test_other_cases_of_a_person_are_told_apart_from_chance_with_the_reasons(town: Town) -> None:
    again = sent(town.mission, birth_date="1990-04-12")
    namesake = sent(town.mission, surname="Other", given_names="Person")
    seen = Case.objects.visible_to(town.clerk)

    found = {each.reference: each for each in related.of(town.cases["ama"], seen)}

    reasons = {
        name: found[case.reference].reasons
        for name, case in {**town.cases, "again": again, "namesake": namesake}.items()
        if case.reference in found
    }
    assert reasons == {
        "twin": ("Same date of birth and a similar name",),
        "swapped": ("Same name and nearly the same date of birth",),
        "again": ("Same travel document", "Same name and date of birth"),
        "namesake": ("Same travel document", "Another name"),
    }
    same = {each.reference for each in found.values() if each.is_same_person}
    assert same == {again.reference, namesake.reference}
    nobody = Case.objects.visible_to(factories.official(Role.CASEWORKER, mission=factories.mission()))
    assert related.of(town.cases["ama"], nobody) == []


def test_names_are_written_with_the_application_moved_with_the_case_and_filled_in_later(town: Town) -> None:
    case = town.cases["zhang"]
    kept = list(SearchName.objects.filter(case=case).values_list("latin", "keys", "missions"))
    SearchName.objects.all().delete()
    assert town.search(Wanted("Zhang")) == ""

    assert casework.fill_names(casework.fill_names() or 0) is None
    assert kept == [("JANG VEI", ["=JANG", "=VEI"], [town.mission.pk])]
    assert list(SearchName.objects.filter(case=case).values_list("latin", "keys", "missions")) == kept

    there = factories.mission()
    case.mission = there
    lookup.move(case)
    assert list(SearchName.objects.filter(case=case).values_list("missions", flat=True)) == [[there.pk]]


def test_a_search_takes_few_statements_whatever_it_finds(town: Town) -> None:
    casework.search(Wanted("Mensah"), purpose="mail", actor=town.clerk)
    with CaptureQueriesContext(connection) as queries:
        casework.search(Wanted("Mensah"), purpose="mail", actor=town.clerk)

    assert len(queries) <= 7
