"""Every verb: all that a person or the clock can do, one function each, one transaction each.

Every verb has the same order: lock, judge, write, record, promise. A verb never calls a verb: the second durable
transaction would fail at once. `Refused` is the only expected exception.
"""

from consular.casework.administration import revive_job
from consular.casework.applicant import adopt, readable_draft, save, start
from consular.casework.appointments import (
    cancel_booking,
    confirm_booking,
    generate_slots,
    hold_slot,
    move_booking,
)
from consular.casework.consultations import answer
from consular.casework.consulting import consult, deem
from consular.casework.correspondence import note, reply
from consular.casework.officer import claim, complete, release
from consular.casework.opening import open_calendars
from consular.casework.replays import what_if
from consular.casework.submission import submit
from consular.casework.versions import (
    difference,
    difference_between,
    move_all,
    move_case,
    publish_process,
    route,
    would_move,
)
from consular.casework.worker import acknowledge, issue, wake

__all__ = [
    "acknowledge",
    "adopt",
    "answer",
    "cancel_booking",
    "claim",
    "complete",
    "confirm_booking",
    "consult",
    "deem",
    "difference",
    "difference_between",
    "generate_slots",
    "hold_slot",
    "issue",
    "move_all",
    "move_booking",
    "move_case",
    "note",
    "open_calendars",
    "publish_process",
    "readable_draft",
    "release",
    "reply",
    "revive_job",
    "route",
    "save",
    "start",
    "submit",
    "wake",
    "what_if",
    "would_move",
]
