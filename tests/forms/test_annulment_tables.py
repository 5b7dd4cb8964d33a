"""Tables of annulment and revocation, row by row (Visa Code article 34, Administrative Procedure Act section 28)."""

import pytest

from tests.forms.tables import asked, untested

SERVICE = "annulment"

PERMITTED = [
    ({"kind": "annul", "grounds": [1, 10]}, "yes", "annul"),
    ({"kind": "revoke", "grounds": [6]}, "yes", "revoke"),
    ({"kind": "revoke", "grounds": [17]}, "request", "on_request"),
    ({"kind": "revoke", "grounds": [6, 17]}, "no", "request_mixed"),
    ({"kind": "annul", "grounds": [17]}, "no", "request_mixed"),
    ({"kind": "annul", "grounds": [1, 14]}, "no", "border_ground"),
    ({"kind": "revoke", "grounds": ["17"]}, "request", "on_request"),
    ({"kind": "annul", "grounds": ["1", "14"]}, "no", "border_ground"),
    ({"kind": "annul", "grounds": []}, "no", "no_ground"),
    ({"kind": "revoke"}, "no", "no_ground"),
    ({"kind": "extend", "grounds": [1]}, "no", "other_kind"),
]
HEARD = [
    ({"grounds": [1]}, True, "heard"),
    ({"grounds": [1], "danger": False}, True, "heard"),
    ({"grounds": [7], "danger": True}, False, "in_danger"),
    ({"grounds": [17]}, False, "asked_for"),
    ({"grounds": ["17"]}, False, "asked_for"),
    ({}, True, "heard"),
]
TOLD = [
    ({}, False, "own_visa"),
    ({"issued_by": "DEU"}, False, "own_visa"),
    ({"issued_by": "FRA"}, True, "visa_of_another_state"),
]


@pytest.mark.parametrize(("facts", "permitted", "rule"), PERMITTED)
def test_which_grounds_carry_which_decision(facts, permitted, rule) -> None:
    assert asked(SERVICE, "grounds", "permitted", **facts) == (permitted, [rule])


@pytest.mark.parametrize(("facts", "hearing", "rule"), HEARD)
def test_when_the_holder_is_heard(facts, hearing, rule) -> None:
    assert asked(SERVICE, "grounds", "hearing", **facts) == (hearing, [rule])


@pytest.mark.parametrize(("facts", "notification", "rule"), TOLD)
def test_when_another_state_is_told(facts, notification, rule) -> None:
    assert asked(SERVICE, "grounds", "notification", **facts) == (notification, [rule])


def test_it_costs_nothing() -> None:
    value, rules = asked(SERVICE, "fees", "fee")

    assert (value["amount"], value["waived"], rules) == (0, True, ["free"])


@pytest.mark.parametrize(
    ("decision", "rows"), [("permitted", PERMITTED), ("hearing", HEARD), ("notification", TOLD)]
)
def test_every_row_is_tested(decision, rows) -> None:
    assert untested(SERVICE, "grounds", decision, [facts for facts, *_ in rows]) == []
