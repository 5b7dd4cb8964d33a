"""The consent of the other person with custody: by a link of their own, for these answers, once."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import translation

from consular import casework
from consular.cases.families import ConsentState, Proof
from consular.cases.models import Answers, Case, Consent, Event
from consular.casework import consenting, consents
from consular.casework.consenting import Asked
from consular.core import clock
from consular.core.errors import Refused
from consular.core.models import Job
from consular.desk import people
from consular.missions.postings import Duties
from consular.notifications import sending
from consular.notifications.models import Kind, Notification
from consular.workflow.models import Instance
from tests import factories, stages
from tests.casework import kin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]


def code_of(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, int]:
    return refused.value.code, refused.value.status


def change(case: Case, **answers: object) -> None:
    revision = Answers.objects.get(case=case).revision
    casework.save(case.pk, answers, revision=revision, actor=case.owner)


def test_a_consent_is_kept_with_text_version_moment_language_and_proof_and_the_link_is_used_up() -> None:
    case = kin.child()
    token = kin.asked(case)
    ticket = casework.prove_by_document(token, kin.BORN, " n-7654321 ")

    with translation.override("de"):
        given = casework.answer_consent(token, ticket, agrees=True, about=kin.about(case))

    assert (given.state, given.proof, given.version, given.answered_in) == ("given", "document", 1, "de")
    assert given.text.strip()
    assert given.answered_at
    event = Event.objects.get(case=case, kind="consent_given")
    assert (
        event.data | {"consent": given.pk, "version": 1, "language": "de", "proof": "document"} == event.data
    )
    assert event.actor is None
    assert Notification.objects.filter(kind=Kind.CONSENT_ANSWERED, to=case.owner).exists()
    for again in (
        partial(casework.consent_of, token),
        partial(casework.prove_by_document, token, kin.BORN, "x"),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert code_of(refused) == ("over", 410)


def test_a_link_of_one_case_opens_no_other_and_a_changed_or_invented_one_none() -> None:
    first, other = kin.child(), kin.child()
    token, theirs = kin.asked(first), kin.asked(other)
    swapped = f"{theirs.split('.')[0]}.{token.split('.', 1)[1]}"
    ticket = casework.prove_by_document(token, kin.BORN, kin.DOCUMENT)

    for invented in (swapped, token.replace(".1.", ".2."), token[:-1], "", "a.1.b", "ي.1.b", "x" * 200):
        with pytest.raises(Refused) as refused:
            casework.consent_of(invented)
        assert code_of(refused) == ("not_found", 404)
    with pytest.raises(Refused) as refused:  # proven for one link, shown at another
        casework.answer_consent(theirs, ticket, agrees=True, about=kin.about(other))
    assert code_of(refused) == ("not_proven", 403)


def test_without_the_signature_anybody_could_consent_for_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    consent = Consent.objects.get(case=(case := kin.child()), pk=casework.ask_consent(
        case.pk, kin.ASKED, actor=case.owner).pk)  # fmt: skip
    forged = f"{consent.reference}.1.{'A' * 24}"

    with pytest.raises(Refused):
        casework.consent_of(forged)
    monkeypatch.setattr(consents.hmac, "compare_digest", lambda _one, _other: True)

    assert casework.consent_of(forged).pk == consent.pk


def test_only_its_end_and_its_number_keep_an_old_link_out(monkeypatch: pytest.MonkeyPatch) -> None:
    case = kin.child()
    token = kin.asked(case)
    newer = consents.link(casework.resend_consent(case.pk, actor=case.owner))

    with pytest.raises(Refused) as replaced:
        casework.consent_of(token)
    assert code_of(replaced) == ("over", 410)
    assert casework.consent_of(newer)
    Consent.objects.update(sequence=1)  # as if sending anew did not count
    assert casework.consent_of(token)
    Consent.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Refused) as expired:
        casework.consent_of(token)
    assert code_of(expired) == ("over", 410)
    Consent.objects.update(expires_at=clock.now() + timedelta(days=9999))  # as if links did not end
    assert casework.consent_of(token)


def test_after_five_wrong_proofs_a_link_is_void_and_without_the_count_guessing_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = kin.asked(kin.child())

    for _ in range(consenting.TRIES):
        assert casework.prove_by_document(token, kin.BORN, "N0000000") == ""
    with pytest.raises(Refused) as refused:
        casework.prove_by_document(token, kin.BORN, kin.DOCUMENT)
    assert code_of(refused) == ("over", 410)
    monkeypatch.setattr(consenting, "TRIES", 1000)

    assert casework.prove_by_document(token, kin.BORN, kin.DOCUMENT)


def test_who_has_no_document_number_proves_it_by_a_code_that_ends() -> None:
    case = kin.child()
    token = consents.link(
        casework.ask_consent(case.pk, Asked("Lena", "lena@example.org", "ar"), actor=case.owner)
    )

    assert casework.prove_by_document(token, kin.BORN, kin.DOCUMENT) == ""
    assert casework.prove_by_code(token, consents.code(Consent.objects.get())) == ""  # none was sent
    casework.send_consent_code(token)
    code = consents.code(Consent.objects.get())
    ticket = casework.prove_by_code(token, code)
    assert casework.answer_consent(token, ticket, agrees=False, about=kin.about(case)).proof == Proof.CODE
    assert consents.standing(case, Answers.objects.get(case=case).data).consent.state == ConsentState.DECLINED

    other = kin.asked(kin.child())
    casework.send_consent_code(other)
    Consent.objects.filter(state="asked").update(code_until=clock.now())
    assert casework.prove_by_code(other, consents.code(Consent.objects.get(state="asked"))) == ""


def test_a_consent_to_other_answers_does_not_count_and_without_the_hash_it_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = kin.child()
    token = kin.asked(case)
    seen, ticket = kin.about(case), casework.prove_by_document(token, kin.BORN, kin.DOCUMENT)
    change(case, main_destination="FRA")

    with pytest.raises(Refused) as refused:
        casework.answer_consent(token, ticket, agrees=True, about=seen)
    assert refused.value.code == "changed"
    casework.answer_consent(token, ticket, agrees=True, about=kin.about(case))
    change(case, main_destination="DEU")
    obstacle = partial(consents.obstacle, case, Answers.objects.get(case=case).data)
    assert obstacle().code == "consent"
    monkeypatch.setattr(
        consents.formspec, "consent_hash", lambda _form, _answers: Consent.objects.get().about
    )

    assert obstacle() is None


def test_a_refusal_stays_one_whatever_the_applicant_says_and_without_the_history_it_would_be_gone() -> None:
    case = kin.child()
    kin.answered(case, agrees=False)

    def told() -> str:
        return consents.variables(case, Answers.objects.get(case=case).data)[consents.VARIABLE]

    change(case, main_destination="FRA")
    assert told() == "declined"
    token = kin.asked(case)
    assert told() == "declined"
    casework.consent_in_person(case.pk, actor=case.owner)
    assert told() == "declined"
    sequence = casework.consent_in_person(case.pk, actor=case.owner).sequence
    assert sequence == Consent.objects.get().sequence == 3, "said again, it counts once"

    Event.objects.filter(case=case, kind="consent_declined").delete()
    assert told() == "in_person"
    kin.answered(case)
    assert told() == "given"
    with pytest.raises(Refused):
        casework.consent_of(token)


def test_a_child_is_sent_only_with_the_consent_or_when_it_is_given_in_person() -> None:
    stages.ministry()
    for settle, refused in (
        (None, True),
        (kin.asked, True),
        (partial(kin.answered, agrees=False), True),
        (kin.answered, False),
        (lambda case: casework.consent_in_person(case.pk, actor=case.owner), False),
    ):
        case = kin.child(doc_number=f"P{abs(hash(str(settle))) % 10**7}")
        if settle:
            settle(case)
        if refused:
            with pytest.raises(Refused) as said:
                casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner)
            assert said.value.code == "consent"
        else:
            assert casework.submit(case.pk, attested=stages.ATTESTED, actor=case.owner).submitted_at
    variables = Instance.objects.order_by("pk").values_list("variables__second_consent", flat=True)
    assert list(variables.all()) == ["given", "in_person"]

    sent = Case.objects.exclude(instance=None).latest("pk")
    kin.asked(sent)
    assert variables.last() == "asked"
    kin.answered(sent, agrees=False)
    assert variables.last() == "declined"
    assert people.of(sent, factories.official(mission=sent.mission), Duties(), None).is_declined


def test_the_mails_go_to_the_address_with_the_link_and_nobody_is_reminded_who_has_answered() -> None:
    case = kin.child()
    token = kin.asked(case)
    Job.objects.exclude(name="casework.remind_consent").delete()

    mail = sending.compose(Notification.objects.get(kind=Kind.CONSENT_ASKED))
    assert mail is not None
    assert mail.to == ["lena@example.org"]
    assert f"/consent/{token}/" in mail.body
    assert not any(word in mail.subject + mail.body for word in ("Sharma", "Lena", case.reference))
    job = Job.objects.get(name="casework.remind_consent")
    assert job.run_at == Consent.objects.get().asked_at + consenting.REMINDED_AFTER
    Consent.objects.update(tries=consenting.TRIES)
    casework.remind_consent(job.payload)
    assert not Notification.objects.filter(kind=Kind.CONSENT_REMINDER).exists(), "the link is void"
    Consent.objects.update(tries=0)
    casework.remind_consent(job.payload)
    casework.remind_consent(job.payload)
    assert Notification.objects.filter(kind=Kind.CONSENT_REMINDER).count() == 1

    ticket = casework.prove_by_document(token, kin.BORN, kin.DOCUMENT)
    casework.answer_consent(token, ticket, agrees=True, about=kin.about(case))
    assert sending.compose(Notification.objects.get(kind=Kind.CONSENT_REMINDER)) is None


def test_nobody_asks_for_a_case_of_somebody_else_and_links_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, adult = kin.child(), stages.draft()
    with pytest.raises(Refused) as refused:
        casework.ask_consent(case.pk, kin.ASKED, actor=factories.applicant())
    assert code_of(refused)[1] == 404
    with pytest.raises(Refused) as refused:
        casework.ask_consent(adult.pk, kin.ASKED, actor=adult.owner)
    assert refused.value.code == "not_asked"
    for _ in range(consenting.LINKS):
        casework.ask_consent(case.pk, kin.ASKED, actor=case.owner)

    with pytest.raises(Refused) as refused:
        casework.resend_consent(case.pk, actor=case.owner)
    assert refused.value.status == 429
    monkeypatch.setattr(consenting, "LINKS", 1000)
    assert casework.resend_consent(case.pk, actor=case.owner)


def test_nothing_that_opens_a_consent_lies_in_the_database() -> None:
    token = kin.asked(kin.child())
    casework.send_consent_code(token)
    consent = Consent.objects.get()

    stored = (
        str(Consent.objects.values().get())
        + str(list(Job.objects.values()))
        + str(list(Notification.objects.values()))
    )

    assert token.split(".")[2] not in stored
    assert consents.code(consent) not in stored
    assert kin.DOCUMENT not in stored
