"""Every promised message goes out, once, in the right language, and says nothing it should not."""

import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone
from django_otp.plugins.otp_email.models import EmailDevice

from consular.accounts.models import User
from consular.core import clock, jobs
from consular.core.models import Job
from consular.notifications import outbox, sending
from consular.notifications.models import Kind, Notification
from consular.notifications.sending import NotSent
from tests import factories
from tests.notifications.conftest import Server

pytestmark = pytest.mark.django_db(transaction=True)

NEEDS_A_FACT = {
    Kind.APPOINTMENT_DISPLACED, Kind.APPOINTMENT_STANDS, Kind.SIGN_IN_CODE, Kind.APPOINTMENT_REMINDER,
    Kind.CONSENT_ASKED, Kind.CONSENT_REMINDER, Kind.CONSENT_CODE, Kind.PLACE_OFFERED, Kind.TIMES_OFFERED,
}  # fmt: skip
"""Kinds that do not go out without a code, an appointment, an offer or a consent; tested where those are."""


def promised(kind: str = "submitted", *, to: User | None = None, **fields: object) -> Notification:
    """One promised message."""
    outbox.promise(kind, to=to or factories.applicant(), key=f"{kind}:1", **fields)
    return Notification.objects.get(key=f"{kind}:1")


def with_code(**fields: object) -> Notification:
    """A promised sign-in code."""
    user = factories.applicant()
    values = {"token": "123456", "valid_until": timezone.now() + timedelta(minutes=10)}
    device = EmailDevice.objects.create(user=user, name="sign-in", **{**values, **fields})
    return promised("sign_in_code", to=user, facts={"device": str(device.pk)})


def test_a_promise_is_kept_by_the_worker(server: Server):
    row = promised()

    assert jobs.work() == 1

    row.refresh_from_db()
    assert row.sent_at is not None
    assert [mail["To"] for mail in server.mails] == [row.to.email]


def test_a_promise_without_commit_was_never_made(server: Server):
    user = factories.applicant()

    with transaction.atomic():
        outbox.promise("submitted", to=user, key="x")
        transaction.set_rollback(True)

    assert not Notification.objects.exists()
    assert jobs.work() == 0


def test_promising_twice_is_promising_once(server: Server):
    user = factories.applicant()
    for _ in range(2):
        outbox.promise("submitted", to=user, key="same")

    jobs.work()

    assert len(server.mails) == 1


def test_sending_twice_is_sending_once(server: Server):
    row = promised()

    for _ in range(3):
        sending.send({"key": row.key})

    assert len(server.mails) == 1


def test_a_worker_that_dies_after_sending_repeats_the_same_message_id(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    row = promised()

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    monkeypatch.setattr(Notification, "save", die)
    with pytest.raises(SystemExit):
        sending.send({"key": row.key})
    monkeypatch.undo()
    sending.send({"key": row.key})

    assert [mail["Message-ID"] for mail in server.mails] == [outbox.message_id(row.key)] * 2


@pytest.mark.parametrize("answer", ["451 try later", "550 no such person", "421 busy"])
def test_a_refusal_is_tried_again_later_and_then_kept(server: Server, answer: str):
    row = promised()
    server.answer = answer

    jobs.work()

    job = Job.objects.get()
    row.refresh_from_db()
    assert (row.sent_at, job.done_at, job.error) == (None, None, "NotSent")
    assert job.run_at > clock.now()

    server.answer = "250 thank you"
    with clock.at(job.run_at):
        jobs.work()
    assert len(server.mails) == 1


def test_a_server_that_hangs_up_or_sleeps_gets_the_mail_later(server: Server, settings: object):
    row = promised()
    server.drops = True
    with pytest.raises(NotSent):
        sending.send({"key": row.key})

    server.drops, server.wait, settings.EMAIL_TIMEOUT = False, 60, 0.5
    with pytest.raises(NotSent):
        sending.send({"key": row.key})

    server.wait, settings.EMAIL_TIMEOUT = 0, 60
    sending.send({"key": row.key})
    assert {mail["Message-ID"] for mail in server.mails} == {row.message_id}


def test_no_server_at_all_is_tried_again_later(settings: object):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    promised()

    jobs.work()

    assert Job.objects.get().error == "NotSent"


def test_after_the_last_try_an_administrator_is_left_with_it(server: Server):
    promised()
    server.answer = "550 no"

    for _ in range(jobs.ATTEMPTS):
        Job.objects.update(run_at=clock.now())
        jobs.work()

    assert Job.objects.get().dead_at is not None


def test_an_error_names_nobody(server: Server, caplog: pytest.LogCaptureFixture, capsys):
    row = promised()
    server.answer = f"550 {row.to.email} unknown"

    with caplog.at_level(logging.DEBUG):
        jobs.work()

    logged = [
        record.getMessage() + str(record.exc_text) for record in caplog.records if record.name != "mail.log"
    ]
    assert row.to.email not in "".join(logged) + capsys.readouterr().out + str(Job.objects.values())


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
def test_no_message_says_anything_about_a_person_or_a_case(server: Server, language: str, settings):
    case = factories.sent_case(owner=factories.applicant(language=language, name="Ama Mensah"))
    kinds = [kind for kind in Kind if kind not in NEEDS_A_FACT]
    for kind in kinds:
        outbox.promise(kind, to=case.owner, case=case, key=kind)

    while jobs.work():
        pass

    said = {mail["Message-ID"]: mail["Subject"] + mail.get_content() for mail in server.mails}
    assert set(said) == {outbox.message_id(kind) for kind in kinds}
    assert {mail["Content-Language"] for mail in server.mails} == {language}
    assert {key for key, text in said.items() if settings.PUBLIC_URL not in text} == set()
    secrets = (case.reference, case.applicant_name, case.owner.email, "Mensah", "schengen", "refus")
    assert [(key, one) for key, text in said.items() for one in secrets if one.lower() in text.lower()] == []


def test_mails_say_that_they_are_automatic(server: Server):
    promised()

    jobs.work()

    assert server.mails[0]["Auto-Submitted"] == "auto-generated"


def test_a_sign_in_code_is_read_when_it_is_sent(server: Server):
    with_code()
    EmailDevice.objects.update(token="654321")

    jobs.work()

    mail = server.mails[0]
    assert "654321" in mail.get_content()
    assert "654321" not in mail["Subject"]
    assert "654321" not in str(Notification.objects.values()) + str(Job.objects.values())


@pytest.mark.parametrize("fields", [{"token": None}, {"valid_until": timezone.now() - timedelta(minutes=1)}])
def test_a_code_that_no_longer_opens_anything_is_not_sent(server: Server, fields: dict[str, object]):
    row = with_code(**fields)

    jobs.work()

    row.refresh_from_db()
    assert (server.mails, row.sent_at) == ([], None)
    assert row.dropped_at is not None
    assert Job.objects.get().done_at is not None


def test_a_code_of_somebody_else_is_not_sent(server: Server):
    row = with_code()
    Notification.objects.filter(pk=row.pk).update(to=factories.applicant())

    jobs.work()

    assert server.mails == []


def test_an_unknown_kind_cannot_be_promised():
    with pytest.raises(ValueError, match="postcard"):
        outbox.promise("postcard", to=factories.applicant(), key="x")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_texts(kind: Kind):
    try:
        sending.render_to_string(f"emails/{kind}.txt")
        sending.render_to_string(f"emails/{kind}.subject.txt")
    except TemplateDoesNotExist as missing:
        pytest.fail(str(missing))
