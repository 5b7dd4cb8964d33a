"""Every verb: all that a person or the clock can do, one function each, one transaction each.

Every verb has the same order: lock, judge, write, record, promise. A verb never calls a verb: the second durable
transaction would fail at once. `Refused` is the only expected exception.
"""

from consular.casework.absences import end_absence, enter_absence, return_tasks
from consular.casework.administration import revive_job
from consular.casework.allocation import claim_next
from consular.casework.applicant import Conflict, adopt, readable_draft, save, start
from consular.casework.appointments import (
    cancel_booking,
    confirm_booking,
    extend_hold,
    generate_slots,
    hold_slot,
    move_booking,
)
from consular.casework.attachments import (
    add_document,
    begin_upload,
    open_document,
    open_page,
    receive,
    remove_document,
)
from consular.casework.attending import attend, reconcile
from consular.casework.by_link import booking_of, cancel_by_link, move_by_link
from consular.casework.carrying import carry, newer_version
from consular.casework.consultations import answer
from consular.casework.consulting import consult, deem
from consular.casework.correspondence import note, reply
from consular.casework.counter import book_at_counter, cancel_for_mission, move_for_mission
from consular.casework.handing_over import delegate, hand_over, take_back
from consular.casework.letters import approve_change, decline_change, propose_change
from consular.casework.officer import claim, complete, release
from consular.casework.opening import open_calendars
from consular.casework.replays import what_if
from consular.casework.searching import fill_names, search
from consular.casework.submission import submit
from consular.casework.taking_over import Wanted, earlier_case, earlier_cases, looked_over, offers, take_over
from consular.casework.teamwork import keep_note, look, mention, read_mention, remove_flag, set_flag
from consular.casework.versions import (
    difference,
    difference_between,
    move_all,
    move_case,
    publish_process,
    route,
    would_move,
)
from consular.casework.watching import watch
from consular.casework.withdrawing import withdraw
from consular.casework.worker import acknowledge, issue, wake

__all__ = [
    "Conflict",
    "Wanted",
    "acknowledge",
    "add_document",
    "adopt",
    "answer",
    "approve_change",
    "attend",
    "begin_upload",
    "book_at_counter",
    "booking_of",
    "cancel_booking",
    "cancel_by_link",
    "cancel_for_mission",
    "carry",
    "claim",
    "claim_next",
    "complete",
    "confirm_booking",
    "consult",
    "decline_change",
    "deem",
    "delegate",
    "difference",
    "difference_between",
    "earlier_case",
    "earlier_cases",
    "end_absence",
    "enter_absence",
    "extend_hold",
    "fill_names",
    "generate_slots",
    "hand_over",
    "hold_slot",
    "issue",
    "looked_over",
    "keep_note",
    "look",
    "mention",
    "move_all",
    "move_booking",
    "move_by_link",
    "move_case",
    "move_for_mission",
    "note",
    "offers",
    "open_calendars",
    "newer_version",
    "open_document",
    "open_page",
    "propose_change",
    "publish_process",
    "read_mention",
    "readable_draft",
    "receive",
    "reconcile",
    "release",
    "remove_flag",
    "remove_document",
    "reply",
    "return_tasks",
    "revive_job",
    "route",
    "save",
    "search",
    "set_flag",
    "start",
    "submit",
    "take_back",
    "take_over",
    "wake",
    "watch",
    "what_if",
    "withdraw",
    "would_move",
]
