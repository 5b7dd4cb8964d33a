"""However a case ends, there are words for it."""

import re
from pathlib import Path

from django.conf import settings

from consular.cases import outcomes
from consular.cases.models import Case, Phase
from consular.decisions.models import Outcome
from tests import rows

TOLD = {**outcomes.OF_A_DECISION, **outcomes.WITHOUT_A_DECISION}
PROCESSES = sorted(Path(settings.FORMS_DIR).glob("*/v*/process.bpmn"))


def test_every_outcome_of_a_process_and_of_a_decision_has_words_and_no_other() -> None:
    named = {
        outcome
        for file in PROCESSES
        for outcome in re.findall(r'name="outcome" value="([a-z_]+)"', file.read_text(encoding="utf-8"))
    }

    assert named | set(Outcome.values) == set(TOLD)


@rows.every("phase", list(Phase), "outcome", ["", *TOLD])
def test_what_was_decided_is_told_with_the_letter_and_the_rest_at_once(phase: Phase, outcome: str) -> None:
    told = outcomes.of(Case(phase=phase, outcome=outcome))

    has_letter = phase in {Phase.READY, Phase.CLOSED}
    assert told is (
        TOLD[outcome] if outcome in outcomes.WITHOUT_A_DECISION or outcome and has_letter else None
    )


def test_what_is_no_refusal_says_so() -> None:
    for outcome in ("lapsed", "discontinued", "inadmissible", "not_competent"):
        assert "this is not a refusal" in str(TOLD[outcome].meaning)
