"""The file of a case for a court: all of it, with a signed list, and only for heads of section who say why."""

import asyncio
import hashlib
import io
import json
import zipfile

import pytest
from asn1crypto import cms
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from consular import casework
from consular.accounts.models import Role, User
from consular.cases.attachments import seal
from consular.cases.inquiries import AnswersVersion, Inquiry
from consular.cases.models import (
    Attachment,
    Audience,
    Case,
    Consultation,
    ConsultationAnswer,
    SafeCopy,
)
from consular.casework.concerning import Entered
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.decisions import keys, signature
from consular.decisions.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _keys() -> None:
    keys.make_local()


def chief_of(case: Case) -> User:
    return factories.official(Role.HEAD_OF_SECTION, mission=case.mission)


def asked_and_answered(case: Case, officer: User) -> Attachment:
    """Twice the applicant is asked for the name, a partner answers, one document is there and one was refused."""
    now = clock.now()
    for number, name in enumerate(("Mensa", "Mensah")):
        inquiry = Inquiry.objects.create(
            case=case, task=number, node="n", by=officer, items=[{"name": "surname"}], begun_at=now, sent_at=now,
            closed_at=now,
        )  # fmt: skip
        AnswersVersion.objects.create(
            case=case, inquiry=inquiry, data={"surname": name}, declarations=[], changed=["surname"], replaced_at=now
        )  # fmt: skip
    Inquiry.objects.create(case=case, task=9, node="n", by=officer, begun_at=now)  # never sent
    case.answers.data["surname"] = "Mensah-Boateng"
    case.answers.save()
    asked = Consultation.objects.create(
        reference="C1", case=case, partner="security", name="Security", token=1, asked_at=now, silence="none"
    )
    ConsultationAnswer.objects.create(
        consultation=asked, answer="consent", text="Nothing known.", at=now, by=officer
    )
    both = {
        "case": case,
        "document": "means",
        "size": 9,
        "added_by": case.owner,
        "created_at": now,
        "changed_at": now,
    }
    document = Attachment.objects.create(state="ready", kind="pdf", **both)
    copy = seal(b"%PDF the copy", f"copy/{document.pk}")
    SafeCopy.objects.create(attachment=document, content=copy, preview=b"", sha256="0" * 64)
    Attachment.objects.create(state="refused", reason="unknown_kind", **both)
    return document


def test_the_file_for_a_court_is_whole_and_signed():
    case = factories.sent_case()
    chief = chief_of(case)
    casework.reply(case.pk, "Where is my passport?", actor=case.owner)
    casework.enter_concern(case.reference, Entered("complaint", clock.today(), "Nobody came."), actor=chief)
    jobs.work()
    document = asked_and_answered(case, chief)
    letter = Letter.objects.get(case=case)

    archive = zipfile.ZipFile(
        io.BytesIO(casework.court_file(case.reference, "VG Berlin 12 K 3/26", actor=chief))
    )

    parts = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(parts["manifest.json"])
    assert {one["name"]: one["sha256"] for one in listed["files"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in parts.items()
        if not name.startswith("manifest")
    }
    assert (listed["reason"], listed["role"], listed["case"]) == (
        "VG Berlin 12 K 3/26", "head_of_section", case.reference,
    )  # fmt: skip
    assert parts[f"letters/{letter.number.replace('/', '-')}.pdf"] == bytes(letter.content)
    assert b"Where is my passport?" in parts["messages.json"]
    assert {"letters.json", "submission.json", "history.json", "decisions.json"} <= parts.keys()
    assert json.loads(parts["submission.json"])["answers"]["surname"] == "Mensah-Boateng"
    earlier = json.loads(parts["earlier_answers.json"])
    assert [(one["data"]["surname"], one["changed"]) for one in earlier] == [
        ("Mensa", ["surname"]),
        ("Mensah", ["surname"]),
    ]
    inquiries = json.loads(parts["inquiries.json"])
    assert [one["changed"]["surname"] for one in inquiries] == [
        {"before": "Mensa", "after": "Mensah"}, {"before": "Mensah", "after": "Mensah-Boateng"},
    ]  # fmt: skip
    assert inquiries[0]["items"] == [{"name": "surname"}]
    partner = json.loads(parts["consultations.json"])[0]
    assert (partner["partner"], partner["answers"][0]["text"]) == ("security", "Nothing known.")
    people = {one["id"]: one["name"] for one in json.loads(parts["people.json"])}
    assert people[partner["answers"][0]["by"]] == chief.name
    assert case.owner_id in people
    copies = json.loads(parts["documents.json"])
    assert [one.get("file") for one in copies] == [f"documents/{document.pk}-means.pdf", None]
    assert parts[copies[0]["file"]] == b"%PDF the copy"
    assert proven(parts["manifest.json"], parts["manifest.json.p7s"])
    assert not proven(parts["manifest.json"] + b" ", parts["manifest.json.p7s"])
    assert case.events.filter(kind="file_exported", actor=chief).count() == 1
    assert case.messages.get(audience=Audience.INTERNAL).body == "VG Berlin 12 K 3/26"


def proven(content: bytes, signed: bytes) -> bool:
    data = cms.ContentInfo.load(signed)["content"]
    trust = ValidationContext(trust_roots=[signature.current().root], allow_fetching=False)
    status = asyncio.run(async_validate_detached_cms(content, data, signer_validation_context=trust))
    return bool(status.intact and status.valid and status.trusted)


def test_the_file_is_for_heads_of_section_who_say_why():
    case = factories.sent_case()
    for actor, reason, status in [
        (factories.official(Role.DECIDER, mission=case.mission), "Court", 403),
        (factories.official(Role.HEAD_OF_SECTION, mission=factories.mission()), "Court", 404),
        (chief_of(case), " ", 422),
    ]:
        with pytest.raises(Refused) as refusal:
            casework.court_file(case.reference, reason, actor=actor)
        assert refusal.value.status == status
    assert not case.events.filter(kind="file_exported").exists()
