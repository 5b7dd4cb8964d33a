"""The lines of a case's checklist: for every service, from the first moment on, whatever has been answered."""

import pytest

from consular import formspec
from consular.cases.models import Answers, Case
from consular.casework import checklist
from consular.core import clock, references
from tests import factories, stages
from tests.casework import attaching


def begun(folder: formspec.Folder) -> Case:
    """A draft of a service in which nothing is answered."""
    now = clock.now()
    case = Case.objects.create(
        service=folder.service, version=folder.version, reference=references.issue(), owner=factories.applicant(),
        language="en", created_at=now, changed_at=now,
    )  # fmt: skip
    Answers.objects.create(case=case, data={}, saved_at=now)
    return case


@pytest.mark.django_db
def test_every_service_has_lines_before_anything_is_answered() -> None:
    lines = {
        folder.service: [paper.id for paper in checklist.asked(begun(folder))]
        for folder in formspec.services()
    }

    assert {service: ids[-1] for service, ids in lines.items()} == dict.fromkeys(lines, checklist.OTHER)
    assert [service for service, ids in lines.items() if len(ids) != len(set(ids))] == []


@pytest.mark.django_db
def test_a_line_has_what_was_added_to_it_and_the_last_one_what_belongs_nowhere_any_more() -> None:
    case = stages.draft()
    means, gone = attaching.ready(case), attaching.ready(case)
    gone.document = "diary"
    gone.save()

    found = {paper.id: paper.attachments for paper in checklist.papers(case) if paper.attachments}

    assert found == {"means": (means,), "other": (gone,)}
