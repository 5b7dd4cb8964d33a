"""Saved views of the queue: an officer's own, and those that a head of section shares with the mission."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from consular.accounts.models import Role, User
from consular.cases.models import SavedView
from consular.casework.verb import verb
from consular.core import clock
from consular.core.errors import Refused
from consular.missions.postings import duties

MOST = 30
LONGEST_NAME = 60


@verb
def save_view(name: str, wanted: Mapping[str, str], *, is_start: bool = False, actor: User) -> SavedView:
    """Keep filters under a name; under a name there is already, in its place."""
    name = _tidy(name)
    if SavedView.objects.filter(owner=actor).exclude(name=name).count() >= MOST:
        raise Refused(_("You have 30 views. Delete one first."), code="enough", field="name", status=422)
    facts = {"wanted": dict(wanted), "saved_at": clock.now()}
    view, _is_new = SavedView.objects.update_or_create(owner=actor, name=name, defaults=facts)
    if is_start:
        _start(view)
    return view


@verb
def rename_view(view_id: int, name: str, *, actor: User) -> None:
    """Give a view of one's own another name."""
    view = _own(view_id, actor)
    view.name = _tidy(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise Refused(
            _("You have another view of this name."), code="taken", field="name", status=422
        ) from error


@verb
def delete_view(view_id: int, *, actor: User) -> None:
    """Forget a view of one's own; who had it shared with them has it no more."""
    _own(view_id, actor).delete()


@verb
def start_with(view_id: int, is_start: bool, *, actor: User) -> None:
    """Begin the queue with this view of one's own, or with none."""
    view = _own(view_id, actor)
    if is_start:
        _start(view)
    else:
        SavedView.objects.filter(pk=view.pk).update(is_start=False)


@verb
def share_view(view_id: int, mission_id: int | None, *, actor: User) -> None:
    """Show a view to everybody at a mission, or to nobody else any more. For heads of section of the mission."""
    view = _own(view_id, actor)
    if mission_id is not None and not duties(actor).has(Role.HEAD_OF_SECTION, mission_id):
        raise Refused(
            _("Only a head of section can share a view with the mission."), code="forbidden", status=403
        )
    SavedView.objects.filter(pk=view.pk).update(mission=mission_id)


def _own(view_id: int, actor: User) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id, owner=actor).first()
    if view is None:
        raise Refused(_("There is no such view, or it is not yours."), code="not_found", status=404)
    return view


def _start(view: SavedView) -> None:
    SavedView.objects.filter(owner=view.owner, is_start=True).exclude(pk=view.pk).update(is_start=False)
    SavedView.objects.filter(pk=view.pk).update(is_start=True)


def _tidy(name: str) -> str:
    """The name as it is kept: printable, on one line. Refused (422) where nothing is left, or too much."""
    tidied = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not tidied or len(tidied) > LONGEST_NAME:
        raise Refused(
            _("Give the view a name of up to 60 characters."), code="no_name", field="name", status=422
        )
    return tidied
