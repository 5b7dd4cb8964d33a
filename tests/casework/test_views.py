"""Saved views: one's own, one to begin with, shared by heads of section only."""

from unicodedata import normalize

import pytest

from consular import casework
from consular.accounts.models import Role
from consular.cases import queue_frame
from consular.cases.models import SavedView
from consular.core.errors import Refused
from consular.missions.postings import duties
from tests import factories

pytestmark = pytest.mark.django_db
WANTED = {"show": "team", "flag": "urgent"}


def test_a_view_is_saved_renamed_begun_with_and_deleted_by_its_owner_alone() -> None:
    post = factories.mission()
    clerk, other = (factories.official(Role.INTAKE_CLERK, mission=post) for _ in range(2))
    first = casework.save_view("  Urgent\n\u202eones ", WANTED, is_start=True, actor=clerk)
    second = casework.save_view("Late", {"due": "overdue"}, is_start=True, actor=clerk)
    casework.save_view("Late", {"due": "7"}, actor=clerk)

    seen = queue_frame.frame(clerk, duties(clerk))
    assert [(view.name, view.is_start) for view in seen.views] == [("Late", True), ("Urgent ones", False)]
    assert seen.start == seen.views[0]
    assert seen.views[0].wanted == {"due": "7"}
    assert queue_frame.frame(other, duties(other)).views == ()

    for refused in (
        lambda: casework.rename_view(first.pk, "Mine", actor=other),
        lambda: casework.delete_view(first.pk, actor=other),
        lambda: casework.start_with(first.pk, True, actor=other),
        lambda: casework.share_view(first.pk, post.pk, actor=other),
    ):
        with pytest.raises(Refused) as refusal:
            refused()
        assert refusal.value.status == 404
    for name in ("", "x" * 61, "\u202e", "Late"):
        with pytest.raises(Refused) as refusal:
            casework.rename_view(first.pk, name, actor=clerk)
        assert refusal.value.field == "name"
    casework.rename_view(first.pk, normalize("NFC", "Très urgent"), actor=clerk)
    casework.start_with(second.pk, False, actor=clerk)
    casework.delete_view(second.pk, actor=clerk)
    assert list(SavedView.objects.values_list("name", "is_start")) == [("Très urgent", False)]


def test_heads_of_section_share_with_their_mission_and_nobody_else_does() -> None:
    post, abroad = factories.mission(), factories.mission()
    head = factories.official(Role.HEAD_OF_SECTION, mission=post)
    clerk = factories.official(Role.INTAKE_CLERK, mission=post)
    stranger = factories.official(Role.INTAKE_CLERK, mission=abroad)
    view = casework.save_view("Team", WANTED, actor=head)
    own = casework.save_view("Own", WANTED, actor=clerk)

    casework.share_view(view.pk, post.pk, actor=head)
    for number, mission, actor in ((own.pk, post.pk, clerk), (view.pk, abroad.pk, head), (view.pk, 0, head)):
        with pytest.raises(Refused) as refusal:
            casework.share_view(number, mission, actor=actor)
        assert refusal.value.code == "forbidden"

    assert [view.name for view in queue_frame.frame(clerk, duties(clerk)).views] == ["Own", "Team"]
    assert queue_frame.frame(stranger, duties(stranger)).views == ()
    casework.share_view(view.pk, None, actor=head)
    assert [view.name for view in queue_frame.frame(clerk, duties(clerk)).views] == ["Own"]
