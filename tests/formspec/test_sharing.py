"""What people of one journey answer together, and what another person is asked to agree to."""

import pytest

from consular import formspec
from consular.formspec import FolderProblem, changes, loading

FORM = """
title = "A journey"
service_group = "visa_c"

[[pages]]
id = "one"
title = "One"

[[pages.questions]]
id = "name"
kind = "name"
label = "Name"
for_consent = true

[[pages.questions]]
id = "minor"
kind = "yes_no"
label = "A child?"

[[pages.questions]]
id = "pays"
kind = "yes_no"
label = "Does it pay?"
shared = true
show_when = "minor = false"

[[pages.questions]]
id = "parents"
kind = "group"
label = "Parent"
repeat = 2
show_when = "minor = true"
for_consent = true

    [[pages.questions.questions]]
    id = "parent_name"
    kind = "name"
    label = "Name"

[consent]
needed = "count(parents) >= 2"
version = 3
text = "I agree."
required = true
"""
READ = loading.form(FORM)
CHILD = {"name": "Asha", "minor": True, "parents": [{"parent_name": "A"}, {"parent_name": "B"}]}


def test_a_question_that_is_hidden_from_one_person_is_not_answered_together_by_that_one() -> None:
    assert formspec.shared(READ) == {"pays"}
    assert formspec.asked_together(READ, {"minor": False}) == {"pays"}
    assert formspec.asked_together(READ, CHILD) == frozenset()


@pytest.mark.parametrize(
    ("answers", "needed"),
    [
        ({}, False),
        ({**CHILD, "minor": False}, False),
        ({**CHILD, "parents": CHILD["parents"][:1]}, False),
        (CHILD, True),
    ],
)
def test_somebody_else_has_to_agree_where_the_condition_holds(
    answers: dict[str, object], needed: bool
) -> None:
    asked = formspec.asked_consent(READ, answers)

    assert (asked is not None) is needed
    assert asked is None or (asked.version, asked.required, str(asked.text)) == (3, True, "I agree.")


def test_they_see_what_is_marked_and_the_hash_is_of_that_and_of_nothing_else() -> None:
    seen = [(answer.label, answer.value) for answer in formspec.consented(READ, CHILD)]
    before = formspec.consent_hash(READ, CHILD)

    assert seen == [("Name", "Asha"), ("Parent, no. 1: Name", "A"), ("Parent, no. 2: Name", "B")]
    assert formspec.consent_hash(READ, {**CHILD, "pays": True}) == before
    assert formspec.consent_hash(READ, {**CHILD, "name": "Uma"}) != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('    id = "parent_name"', '    id = "parent_name"\n    shared = true', "only whole questions"),
        ("count(parents) >= 2", "count(children) >= 2", '"children"'),
        ("version = 3", 'version = "three"', "version must be int"),
        ("required = true", "wanted = true", 'no setting called "wanted"'),
        ('shared = true', 'shared = "yes"', "shared must be bool"),
        ('[consent]\nneeded', 'consent = 3\nneeded', "consent"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(FolderProblem) as problem:
        loading.form(FORM.replace(old, new, 1))

    assert any(said in finding.message for finding in problem.value.findings)


def test_sharing_makes_no_question_another_one_in_a_new_version() -> None:
    alone = loading.form(FORM.replace("shared = true\n", "").replace("for_consent = true\n", ""))

    assert changes.between(READ, alone) == changes.Changes()


def test_what_is_shared_is_asked_alike_in_all_services() -> None:
    """Persons of one journey may apply for different things: an id must not mean two things."""
    asked: dict[str, set[tuple[str, bool, str]]] = {}
    for folder in formspec.services():
        for each in folder.form.questions:
            if each.shared:
                inner = ",".join(part.id for part in each.questions)
                asked.setdefault(each.id, set()).add((each.kind, each.partial, inner))

    assert {name: alike for name, alike in asked.items() if len(alike) > 1} == {}


def test_a_form_takes_those_common_answers_that_it_shares_and_can_hold() -> None:
    passport, card = (formspec.latest(name).form for name in ("passport", "identity_card"))
    said = {
        "applies_at": "staying",
        "phone": None,
        "surname": "Sharma",
        "costs": ["self"],
        "email": "a@example.org",
    }

    assert formspec.taken_together(passport, said) == {
        "applies_at": "staying", "phone": None, "email": "a@example.org",
    }  # fmt: skip
    assert formspec.taken_together(card, said) == {"phone": None, "email": "a@example.org"}
