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
from consular.casework.attending import attend, check_in_together, reconcile
from consular.casework.availability import KEPT as AVAILABILITY_KEPT
from consular.casework.availability import missions as missions_with_calendars
from consular.casework.availability import of_mission as availability_of
from consular.casework.batches import begin_batch
from consular.casework.blocks import block, lift
from consular.casework.by_hand import (
    ask_emergency,
    decline_times,
    offer_times,
    refuse_emergency,
    take_time,
)
from consular.casework.by_link import booking_of, cancel_by_link, move_by_link
from consular.casework.carrying import carry, newer_version
from consular.casework.concerning import enter_concern
from consular.casework.consenting import (
    answer_consent,
    ask_consent,
    consent_in_person,
    consent_of,
    prove_by_code,
    prove_by_document,
    remind_consent,
    resend_consent,
    send_consent_code,
)
from consular.casework.consultations import answer
from consular.casework.consulting import consult, deem
from consular.casework.correcting import correct, send_corrections
from consular.casework.correspondence import note, reply
from consular.casework.counter import book_at_counter, cancel_for_mission, move_for_mission
from consular.casework.court_file import court_file
from consular.casework.day_sheet import day_sheet
from consular.casework.drawing import (
    agree_to_hardship,
    announce_draw,
    draw_by,
    propose_hardship,
    public_file,
    publish_lists,
)
from consular.casework.families import add_person, apply_alone, send_together
from consular.casework.forgetting import delete_draft
from consular.casework.handing_in import hand_in
from consular.casework.handing_over import delegate, hand_over, take_back
from consular.casework.inquiring import name_items
from consular.casework.leaving import delete_account
from consular.casework.letters import approve_change, decline_change, propose_change
from consular.casework.mandates import record_mandate, remove_mandate
from consular.casework.mission_details import Saying, Site, add_site, end_site, set_detail
from consular.casework.moving import Move, preview_move
from consular.casework.offers_by_link import decline_by_link, offered_by, take_by_link
from consular.casework.officer import claim, complete, release
from consular.casework.on_request import ask_letter
from consular.casework.opening import open_calendars
from consular.casework.own_data import take_own_data
from consular.casework.proceedings import open_annulment, open_annulment_elsewhere
from consular.casework.relocating import HandingOver, begin_bringing_back, begin_handing_over
from consular.casework.relocation_preview import preview_handing_over
from consular.casework.reordering import agree_to_order, drop_order, propose_order
from consular.casework.replays import what_if
from consular.casework.searching import fill_names, search
from consular.casework.second_looks import look_again
from consular.casework.sending_again import send_again
from consular.casework.staffing import (
    Term,
    add_posting,
    agree_to_posting,
    decline_posting,
    end_posting,
    undo_mission_change,
)
from consular.casework.steering import change, preview, undoing
from consular.casework.submission import submit
from consular.casework.taking_over import Wanted, earlier_case, earlier_cases, looked_over, offers, take_over
from consular.casework.teamwork import keep_note, look, mention, read_mention, remove_flag, set_flag
from consular.casework.together import (
    cancel_appointment,
    cancel_together,
    confirm_appointment,
    confirm_together,
    extend_appointment,
    hold_together,
    move_appointment,
    move_together,
)
from consular.casework.together import others as who_may_come_along
from consular.casework.unread import partners as unread_partners
from consular.casework.versions import (
    difference,
    difference_between,
    move_all,
    move_case,
    publish_process,
    route,
    would_move,
)
from consular.casework.views import delete_view, rename_view, save_view, share_view, start_with
from consular.casework.waiting import join, leave, offer_places
from consular.casework.watching import watch
from consular.casework.withdrawing import enter_withdrawal, withdraw
from consular.casework.worker import acknowledge, issue, wake

__all__ = [
    "AVAILABILITY_KEPT",
    "Conflict",
    "HandingOver",
    "Wanted",
    "acknowledge",
    "add_document",
    "add_person",
    "adopt",
    "agree_to_hardship",
    "agree_to_order",
    "announce_draw",
    "answer",
    "answer_consent",
    "apply_alone",
    "approve_change",
    "ask_letter",
    "ask_emergency",
    "ask_consent",
    "attend",
    "availability_of",
    "begin_batch",
    "begin_bringing_back",
    "begin_handing_over",
    "begin_upload",
    "block",
    "book_at_counter",
    "booking_of",
    "cancel_appointment",
    "cancel_booking",
    "cancel_by_link",
    "cancel_for_mission",
    "cancel_together",
    "carry",
    "check_in_together",
    "change",
    "claim",
    "claim_next",
    "complete",
    "confirm_appointment",
    "confirm_booking",
    "confirm_together",
    "consent_in_person",
    "consent_of",
    "consult",
    "correct",
    "day_sheet",
    "decline_change",
    "court_file",
    "deem",
    "decline_by_link",
    "decline_times",
    "delegate",
    "delete_account",
    "delete_draft",
    "delete_view",
    "difference",
    "difference_between",
    "draw_by",
    "drop_order",
    "earlier_case",
    "earlier_cases",
    "end_absence",
    "enter_concern",
    "enter_absence",
    "enter_withdrawal",
    "extend_appointment",
    "extend_hold",
    "fill_names",
    "generate_slots",
    "hand_in",
    "hand_over",
    "hold_slot",
    "hold_together",
    "issue",
    "join",
    "keep_note",
    "leave",
    "lift",
    "look",
    "looked_over",
    "mention",
    "missions_with_calendars",
    "move_all",
    "move_appointment",
    "move_booking",
    "move_by_link",
    "move_case",
    "move_for_mission",
    "move_together",
    "name_items",
    "newer_version",
    "note",
    "offer_places",
    "offer_times",
    "offered_by",
    "offers",
    "open_annulment",
    "open_annulment_elsewhere",
    "open_calendars",
    "open_document",
    "open_page",
    "preview",
    "preview_handing_over",
    "propose_change",
    "propose_hardship",
    "propose_order",
    "prove_by_code",
    "prove_by_document",
    "public_file",
    "publish_lists",
    "publish_process",
    "read_mention",
    "readable_draft",
    "receive",
    "reconcile",
    "record_mandate",
    "release",
    "remind_consent",
    "remove_document",
    "remove_flag",
    "remove_mandate",
    "rename_view",
    "reply",
    "refuse_emergency",
    "resend_consent",
    "return_tasks",
    "revive_job",
    "route",
    "save",
    "save_view",
    "search",
    "send_consent_code",
    "send_again",
    "send_corrections",
    "send_together",
    "set_flag",
    "share_view",
    "start",
    "start_with",
    "submit",
    "take_back",
    "take_own_data",
    "take_over",
    "take_by_link",
    "take_time",
    "undoing",
    "unread_partners",
    "wake",
    "watch",
    "what_if",
    "who_may_come_along",
    "withdraw",
    "add_posting",
    "agree_to_posting",
    "decline_posting",
    "end_posting",
    "undo_mission_change",
    "add_site",
    "end_site",
    "set_detail",
    "Saying",
    "Site",
    "Term",
    "would_move",
    "Move",
    "preview_move",
    "look_again",
]
