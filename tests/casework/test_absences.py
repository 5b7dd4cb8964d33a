"""Who is away: who may say so, and where their tasks go."""

from datetime import UTC, datetime, timedelta

import pytest

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.models import Event
from consular.casework import absences
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.models import Absence, Mission
from consular.workflow.models import Token
from tests import factories, stages

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def mission() -> Mission:
    return factories.mission()


def code_of(user: User, first: int, last: int, *, by: User) -> str:
    """What entering an absence from in so many days to in so many days is answered."""
    today = clock.today()
    try:
        casework.enter_absence(user.pk, today + first * DAY, today + last * DAY, actor=by)
    except Refused as refused:
        return refused.code
    return ""


def test_one_says_oneself_or_the_head_of_section_says(mission: Mission) -> None:
    officer = factories.official(Role.CASEWORKER, mission=mission)
    head = factories.official(Role.HEAD_OF_SECTION, mission=mission)
    chief = factories.official(Role.HEAD_OF_SECTION)
    abroad = factories.official(Role.HEAD_OF_SECTION, mission=factories.mission())
    colleague = factories.official(Role.CASEWORKER, mission=mission)
    owner = factories.applicant()

    told = [
        code_of(officer, first, first, by=by)
        for first, by in enumerate((officer, head, chief, abroad, colleague, owner))
    ]

    assert told == ["", "", "", "forbidden", "forbidden", "forbidden"]
    assert code_of(owner, 9, 9, by=owner) == "forbidden"
    assert code_of(owner, 9, 9, by=chief) == "forbidden"
    assert Absence.objects.count() == 3


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(3, 2, "bad_days"), (-5, -2, "bad_days"), (0, 400, "bad_days"), (-30, 0, ""), (1, 1, ""), (0, 366, "")],
)
def test_days_make_sense(mission: Mission, first: int, last: int, code: str) -> None:
    officer = factories.official(Role.CASEWORKER, mission=mission)

    assert code_of(officer, first, last, by=officer) == code


def test_the_same_days_are_not_entered_twice(mission: Mission) -> None:
    officer = factories.official(Role.CASEWORKER, mission=mission)

    assert [code_of(officer, *days, by=officer) for days in ((1, 5), (5, 6), (6, 7))] == ["", "overlap", ""]


def test_who_is_back_early_ends_it_and_what_has_not_begun_goes(mission: Mission) -> None:
    officer = factories.official(Role.CASEWORKER, mission=mission)
    other = factories.official(Role.CASEWORKER, mission=mission)
    today = clock.today()
    now = casework.enter_absence(officer.pk, today - 3 * DAY, today + 3 * DAY, actor=officer)
    later = casework.enter_absence(officer.pk, today + 9 * DAY, today + 9 * DAY, actor=officer)

    with pytest.raises(Refused) as refused:
        casework.end_absence(now.pk, actor=other)
    casework.end_absence(now.pk, actor=officer)
    casework.end_absence(later.pk, actor=officer)

    assert refused.value.code == "forbidden"
    assert [absence.ends_on for absence in Absence.objects.all()] == [today - DAY]
    with pytest.raises(Refused, match="over already"):
        casework.end_absence(now.pk, actor=officer)
    with pytest.raises(Refused, match="no such absence"):
        casework.end_absence(0, actor=officer)


def test_what_somebody_had_taken_goes_back_when_the_absence_begins_and_not_before() -> None:
    post = stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    casework.claim(case.reference, token.pk, actor=post.clerk)
    due = token.due_at
    first = clock.today(post.mission.time_zone) + 2 * DAY
    casework.enter_absence(post.clerk.pk, first, first, actor=post.clerk)

    assert casework.return_tasks() == 0
    eve = datetime.combine(first - DAY, datetime.min.time(), UTC) + timedelta(hours=18)
    with clock.at(eve):  # Mumbai is 5:30 ahead: 23:30 there
        assert casework.return_tasks() == 0
    with clock.at(eve + timedelta(hours=1)):  # 0:30 of the first day there, still the eve in UTC
        assert casework.return_tasks() == 1
        assert casework.return_tasks() == 0

    row = Token.objects.get(pk=token.pk)
    assert (row.assignee, row.due_at) == (None, due)
    event = Event.objects.get(kind="returned")
    assert (event.actor, event.data) == (None, {"token": token.pk, "was": post.clerk.pk})


def test_what_was_handed_over_meanwhile_stays_with_the_colleague() -> None:
    post = stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    casework.claim(case.reference, token.pk, actor=post.clerk)
    today = clock.today(post.mission.time_zone)
    Absence.objects.create(
        user=post.clerk, starts_on=today, ends_on=today, entered_by=post.clerk, entered_at=clock.now()
    )
    colleague = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    casework.hand_over(case.reference, token.pk, colleague.pk, actor=post.clerk)

    assert not absences.return_task(token.pk, case.instance_id)
    assert Token.objects.get(pk=token.pk).assignee == colleague


def test_who_is_away_takes_no_task() -> None:
    post = stages.ministry()
    case = stages.sent()
    today = clock.today(post.mission.time_zone)
    Absence.objects.create(
        user=post.clerk, starts_on=today, ends_on=today, entered_by=post.clerk, entered_at=clock.now()
    )

    with pytest.raises(Refused) as refused:
        casework.claim(case.reference, stages.open_task(case).pk, actor=post.clerk)
    assert refused.value.code == "absent"


@pytest.mark.parametrize("how", ["posting", "account"])
def test_what_somebody_had_taken_goes_back_when_the_posting_or_the_account_ends(how: str) -> None:
    post = stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    casework.claim(case.reference, token.pk, actor=post.clerk)
    today = clock.today()
    if how == "posting":
        post.clerk.postings.update(ends_on=today)
    assert casework.return_tasks() == 0

    if how == "account":
        User.objects.filter(pk=post.clerk.pk).update(is_active=False)
    with clock.at(clock.now() + DAY):
        assert [casework.return_tasks(), casework.return_tasks()] == [1, 0]

    assert Token.objects.get(pk=token.pk).assignee is None
    event = Event.objects.get(kind="posting_ended")
    assert (event.actor, event.node) == (None, "check_completeness")
    assert event.data == {"token": token.pk, "was": post.clerk.pk}


def test_who_changes_the_role_keeps_only_the_tasks_of_the_new_one() -> None:
    post = stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    casework.claim(case.reference, token.pk, actor=post.clerk)
    post.clerk.postings.update(role=Role.CASEWORKER)

    assert casework.return_tasks() == 1
    assert Token.objects.get(pk=token.pk).assignee is None


def test_a_posting_everywhere_keeps_the_tasks() -> None:
    stages.ministry()
    case = stages.sent()
    token = stages.open_task(case)
    chief = factories.official(Role.INTAKE_CLERK)
    casework.claim(case.reference, token.pk, actor=chief)

    assert casework.return_tasks() == 0
