"""What officers enter at the examination becomes exactly the decision they propose."""

from typing import Any

import pytest

from consular.casework.officer import NotRight
from consular.core import jobs
from consular.decisions.models import Decision, Letter
from tests import stages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

LIMITED = {"visa_type": "LTV", "territory": ["DEU", "AUT"], "ltv_reason": "humanitarian"}


@pytest.mark.parametrize(
    ("entries", "decided"),
    [
        ({}, ("C", [], "", 11)),
        (LIMITED, ("LTV", ["AUT", "DEU"], "humanitarian", 11)),
        ({"visa_type": "A", "days": ""}, ("A", [], "", None)),
    ],
)
def test_each_variant_of_a_grant_is_proposed_as_it_was_entered(
    entries: dict[str, Any], decided: tuple[str, list[str], str, int | None]
) -> None:
    case = stages.at_decision(stages.ministry(), **stages.granting(**entries))

    decision = Decision.objects.get(case=case)
    assert (decision.visa_type, decision.territory, decision.ltv_reason, decision.days) == decided


def test_a_limited_visa_that_does_not_say_where_is_not_proposed() -> None:
    post = stages.ministry()
    case = stages.at_examination(post)

    with pytest.raises(NotRight) as refusal:
        stages.do(case, post.caseworker, **stages.granting(**{**LIMITED, "territory": []}))

    assert [problem.question for problem in refusal.value.problems] == ["territory"]
    assert not Decision.objects.exists()
    assert stages.open_task(case).node == "examine"


def test_what_is_less_than_was_asked_for_is_explained_in_the_letter() -> None:
    post = stages.ministry()
    case = stages.decided(post, **stages.granting(days="5"))

    jobs.work()

    said = Letter.objects.get(case=case, kind="L10").values["versions"][0]["body"]
    assert said["asked"] == [{"label": "Days of stay", "value": "11"}]
