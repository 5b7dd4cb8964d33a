"""A visa application on which other states are consulted, from the form to the proposal."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from consular.cases.consultations import Consultation
from consular.cases.models import Case, Phase
from consular.casework import worker
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions.models import Decision
from consular.workflow.models import Token, TokenKind
from tests import stages
from tests.casework import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

PARTNER = "central_authorities"


def consulted(**changed: Any) -> tuple[stages.Post, Case]:
    """A case of a nationality about which others want to be asked, admissible, its registers searched."""
    post = stages.ministry()
    asking.be_read(PARTNER)
    case = stages.sent(**{"nationality": "SYR", **changed})
    stages.do(case, post.clerk, complete=True)
    stages.booked(case)
    stages.do(case, post.clerk, **stages.LODGING)
    stages.do(case, post.caseworker, admissibility="admissible")
    stages.do(case, post.caseworker, **stages.SEARCHED)
    jobs.work()
    return post, Case.objects.get(pk=case.pk)


def tasks(case: Case) -> list[str]:
    return list(
        Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK).values_list("node", flat=True)
    )


def test_it_waits_for_the_partner_and_seven_days_count() -> None:
    _, case = consulted()
    asked = asking.asked(case, PARTNER)
    zone = case.mission.time_zone
    last_day = (asked.due_at - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()

    assert tasks(case) == []
    assert case.phase == Phase.WAITING
    assert last_day == clock.today(zone) + timedelta(days=7)
    assert asked.silence == "consent"


def test_an_objection_leads_to_a_limited_visa_or_a_refusal() -> None:
    post, case = consulted()
    asking.reply(case, "objection", asking.member(PARTNER), partner=PARTNER)

    with pytest.raises(Refused, match="There is an objection"):
        stages.do(case, post.caseworker, **stages.granting())
    stages.do(
        case,
        post.caseworker,
        **stages.granting(visa_type="LTV", territory=["DEU"], ltv_reason="objection"),
    )

    assert Decision.objects.get().visa_type == "LTV"
    assert asking.variables(case)["answers"] == ["objection"]


def test_silence_lets_the_examination_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    post, case = consulted()
    due = asking.asked(case, PARTNER).due_at
    monkeypatch.setattr(clock, "now", lambda: due)

    worker.wake(due)
    jobs.work()

    assert asking.given(case, PARTNER) == [("consent", True, False)]
    assert "examine" in tasks(case)
    stages.do(case, post.caseworker, **stages.granting())
    assert Decision.objects.get().visa_type == "C"


def test_nobody_is_asked_about_others() -> None:
    _, case = consulted(nationality="GHA")

    assert tasks(case) == ["examine"]
    assert not Consultation.objects.exists()
