"""What a mission keeps about itself: who may change it, from when it holds, and that undoing restores it exactly."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from consular import casework, fees
from consular.accounts.models import Role, User
from consular.casework import mission_changes, staffing
from consular.casework.staffing import Term
from consular.core import clock
from consular.core.errors import Refused
from consular.missions import administered, details
from consular.missions.administered import Target
from consular.missions.changes import Detail, MissionChange, StaffProposal, Subject
from consular.missions.models import ExchangeRate, IntakeSite, Mission, Posting, ServiceGroup, SiteKind
from consular.missions.postings import duties
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
DAY = timedelta(days=1)
RATE = {"currency": "inr", "per_euro": "80.50", "step": "100"}


@pytest.fixture
def mission() -> Mission:
    return factories.mission(currency="INR", address="1 Old Road")


@pytest.fixture
def head(mission: Mission) -> User:
    return factories.official(Role.HEAD_OF_SECTION, mission=mission)


@pytest.fixture
def admin(mission: Mission) -> User:
    return factories.official(Role.ADMINISTRATOR, mission=mission)


def today(mission: Mission) -> date:
    return clock.today(mission.time_zone)


def refusal(verb: Callable[..., object], *given: object, **more: object) -> str:
    with pytest.raises(Refused) as refused:
        verb(*given, **more)
    return refused.value.code


def strangers(mission: Mission) -> list[User]:
    return [
        factories.official(Role.HEAD_OF_SECTION, Role.ADMINISTRATOR, mission=factories.mission()),
        factories.official(Role.CASEWORKER, Role.DECIDER, Role.AUDITOR, Role.SLOT_MANAGER, mission=mission),
        factories.applicant(),
    ]


def test_a_value_holds_from_its_day_on_and_undoing_restores_exactly(mission: Mission, head: User) -> None:
    ExchangeRate.objects.create(currency="INR", valid_from=date(2026, 1, 1), per_euro=90, step=10)
    now, later = today(mission), today(mission) + 30 * DAY
    first = casework.set_detail(
        mission.pk, casework.Saying("address", "2 New Road\r\nNew Delhi", now), actor=head
    )
    second = casework.set_detail(mission.pk, casework.Saying("address", "3 Far Road", later), actor=head)
    casework.set_detail(mission.pk, casework.Saying("rate", RATE, later), actor=head)

    assert [details.of(mission, day).address for day in (now - DAY, now, later)] == [
        "1 Old Road", "2 New Road\nNew Delhi", "3 Far Road",
    ]  # fmt: skip
    rates = [fees.rate_of(mission, day) for day in (now, later)]
    assert [(rate.currency, str(rate.per_euro.normalize())) for rate in rates if rate] == [
        ("INR", "9E+1"),
        ("INR", "80.5"),
    ]
    assert rates[1]
    assert rates[1].since == later
    assert (
        casework.set_detail(mission.pk, casework.Saying("address", "3 Far Road", later), actor=head) is None
    )

    assert refusal(casework.undo_mission_change, first.pk, actor=head) == "changed"
    undone = casework.undo_mission_change(second.pk, actor=head)
    assert (undone.before, undone.after, undone.undoes) == (second.after, second.before, second)
    assert refusal(casework.undo_mission_change, second.pk, actor=head) == "changed"
    casework.undo_mission_change(undone.pk, actor=head)
    assert details.of(mission, later).address == "3 Far Road"
    assert MissionChange.objects.filter(mission=mission).count() == 5


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("rate", RATE | {"currency": "XXXX"}, "currency"),
        ("rate", RATE | {"per_euro": "-1"}, "per_euro"),
        ("rate", RATE | {"step": "NaN"}, "step"),
        ("languages", ["en", "<b>"], "languages"),
        ("address", "a\u202eb", "value"),
        ("text.no_such_service", {"en": "x"}, "value"),
    ],
)
def test_what_is_no_such_value_is_refused(
    mission: Mission, head: User, name: str, value: object, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        casework.set_detail(mission.pk, casework.Saying(name, value, today(mission)), actor=head)

    assert (refused.value.field, refused.value.status) == (field, 422)
    assert not Detail.objects.exists()


def test_the_past_stays_and_the_second_of_two_is_told(mission: Mission, head: User, admin: User) -> None:
    seen = administered.mark(administered.state_of(Target(Subject.DETAIL, mission.pk, "hours")))
    assert (
        refusal(
            casework.set_detail,
            mission.pk,
            casework.Saying("hours", {"en": "x"}, today(mission) - DAY),
            actor=head,
        )
        == "bad_value"
    )
    casework.set_detail(
        mission.pk,
        casework.Saying("hours", {"en": "9 to 12", "de": ""}, today(mission)),
        actor=head,
        seen=seen,
    )

    late = {"actor": admin, "seen": seen}
    assert (
        refusal(
            casework.set_detail, mission.pk, casework.Saying("hours", {"en": "no"}, today(mission)), **late
        )
        == "changed"
    )
    assert details.spoken(details.of(mission, today(mission)).hours, "de") == ("9 to 12", "en")


def test_without_looking_at_what_was_seen_the_first_would_be_overwritten(
    mission: Mission, head: User, admin: User
) -> None:
    casework.set_detail(mission.pk, casework.Saying("hours", {"en": "9 to 12"}, today(mission)), actor=head)
    casework.set_detail(
        mission.pk, casework.Saying("hours", {"en": "never"}, today(mission)), actor=admin, seen=""
    )

    assert details.of(mission, today(mission)).hours == {"en": "never"}


def test_sites_are_added_and_ended_and_come_back(mission: Mission, head: User) -> None:
    now = today(mission)
    site = casework.Site(SiteKind.PROVIDER, "Example Services", "Mumbai", (ServiceGroup.VISA_C,), now - DAY)
    assert refusal(casework.add_site, mission.pk, site, actor=head) == "bad_value"
    site = casework.Site(SiteKind.PROVIDER, "Example Services", "Mumbai", (ServiceGroup.VISA_C,), now)
    added = casework.add_site(mission.pk, site, actor=head)
    assert refusal(casework.add_site, mission.pk, site, actor=head) == "bad_value"

    ended = casework.end_site(mission.pk, 0, now + 5 * DAY, actor=head, seen=administered.mark(added.after))
    assert IntakeSite.objects.get(mission=mission).valid_to == now + 5 * DAY
    casework.undo_mission_change(ended.pk, actor=head)
    assert IntakeSite.objects.get(mission=mission).valid_to is None


def test_nobody_else_changes_a_mission(mission: Mission, head: User) -> None:
    made = casework.set_detail(
        mission.pk, casework.Saying("address", "2 New Road", today(mission)), actor=head
    )
    term = Term(Role.INTAKE_CLERK, today(mission))
    to = factories.official()
    for actor in strangers(mission):
        assert (
            refusal(
                casework.set_detail, mission.pk, casework.Saying("address", "x", today(mission)), actor=actor
            )
            == "forbidden"
        )
        assert refusal(casework.undo_mission_change, made.pk, actor=actor) == "forbidden"
        assert refusal(casework.add_posting, mission.pk, to.email, term, actor=actor) == "forbidden"
    assert MissionChange.objects.count() == 1


def test_without_the_list_of_keepers_a_clerk_would_change_the_address(
    mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = factories.official(Role.INTAKE_CLERK, mission=mission)
    monkeypatch.setattr(mission_changes, "may_keep", lambda *_who: True)

    assert casework.set_detail(mission.pk, casework.Saying("address", "x", today(mission)), actor=clerk)


def test_a_clerk_is_posted_and_ended_and_the_undoing_gives_the_role_again(
    mission: Mission, head: User
) -> None:
    to = factories.official()
    term = Term(Role.INTAKE_CLERK, today(mission), today(mission) + 10 * DAY)
    made = casework.add_posting(mission.pk, to.email.upper(), term, actor=head)
    assert duties(to).has(Role.INTAKE_CLERK, mission.pk)
    assert refusal(casework.add_posting, mission.pk, to.email, term, actor=head) == "there_already"

    row = Posting.objects.get(user=to)
    casework.end_posting(mission.pk, row.pk, today(mission) - DAY, actor=head)
    assert not duties(to).roles
    back = casework.undo_mission_change(MissionChange.objects.latest("pk").pk, actor=head)
    assert back.after == made.after
    assert duties(to).has(Role.INTAKE_CLERK, mission.pk)


def test_nobody_gives_a_role_to_themselves_or_one_above(mission: Mission, head: User, admin: User) -> None:
    twin = factories.official(person=head.person)
    for to in (head, twin):
        term = Term(Role.CASEWORKER, today(mission))
        assert refusal(casework.add_posting, mission.pk, to.email, term, actor=head) == "own_role"
    for role in (Role.HEAD_OF_SECTION, Role.AUDITOR, Role.ADMINISTRATOR):
        term = Term(role, today(mission))
        stranger = factories.official()
        assert refusal(casework.add_posting, mission.pk, stranger.email, term, actor=head) == "not_your_role"
    own = casework.end_posting(
        mission.pk, Posting.objects.get(user=admin).pk, today(mission) - DAY, actor=admin
    )
    assert refusal(casework.undo_mission_change, own.pk, actor=admin) == "forbidden"
    assert refusal(casework.undo_mission_change, own.pk, actor=head) == "not_your_role"


def test_without_comparing_persons_one_would_give_oneself_a_role(
    mission: Mission, head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staffing, "_require_may_give", lambda *_who: None)
    casework.add_posting(mission.pk, head.email, Term(Role.CASEWORKER, today(mission)), actor=head)

    assert duties(head).has(Role.CASEWORKER, mission.pk)


def test_a_decider_needs_a_second_person_who_is_not_the_first_nor_the_one(
    mission: Mission, head: User, admin: User
) -> None:
    to = factories.official(Role.HEAD_OF_SECTION, mission=mission)
    proposal = casework.add_posting(mission.pk, to.email, Term(Role.DECIDER, today(mission)), actor=head)
    assert isinstance(proposal, StaffProposal)
    assert not duties(to).has(Role.DECIDER, mission.pk)
    twin = factories.official(Role.ADMINISTRATOR, mission=mission, person=head.person)
    for actor in (head, twin, to):
        assert refusal(casework.agree_to_posting, proposal.pk, actor=actor) == "four_eyes"
    assert refusal(casework.agree_to_posting, proposal.pk, actor=strangers(mission)[0]) == "forbidden"
    again = Term(Role.DECIDER, today(mission))
    assert refusal(casework.add_posting, mission.pk, to.email, again, actor=admin) == "open"

    made = casework.agree_to_posting(proposal.pk, actor=admin)
    assert duties(to).has(Role.DECIDER, mission.pk)
    assert (made.made_by, made.agreed_by) == (head, admin)
    assert refusal(casework.agree_to_posting, proposal.pk, actor=admin) == "done"


def test_a_posting_that_is_agreed_to_later_begins_on_that_day(
    mission: Mission, head: User, admin: User
) -> None:
    day = today(mission)
    late, over = (
        casework.add_posting(
            mission.pk, factories.official().email, Term(Role.DECIDER, day, last), actor=head
        )
        for last in (None, day + DAY)
    )
    with clock.at(clock.now() + 2 * DAY):
        assert refusal(casework.agree_to_posting, over.pk, actor=admin) == "too_late"
        casework.agree_to_posting(late.pk, actor=admin)
        assert today(mission) == day + 2 * DAY

    assert Posting.objects.get(user=late.user).starts_on == day + 2 * DAY


def test_who_lost_the_role_meanwhile_signs_nothing(mission: Mission, head: User, admin: User) -> None:
    to = factories.official()
    proposal = casework.add_posting(mission.pk, to.email, Term(Role.DECIDER, today(mission)), actor=head)
    Posting.objects.filter(user=head).delete()

    assert refusal(casework.agree_to_posting, proposal.pk, actor=admin) == "not_your_role"
    casework.decline_posting(proposal.pk, actor=admin)
    assert not Posting.objects.filter(user=to).exists()
