"""Who gets which page: every address of both doors, asked by six visitors, answered exactly so.

The case has everything a case can have. `nobody` is not signed in, `owner` applied, `other` is another applicant,
`clerk` works at the case's mission, `abroad` is an officer with all roles at another mission, `half` gave the password
of a clerk of the mission and not the second factor. A row with one answer is for all six. `sign-in`, `desk`, `factor`
are the pages where one proves who one is; 302 leads anywhere else. A new address needs its rows here, or in
`portal_table.py`.
"""

import pytest

from consular.cases.models import CaseQuerySet
from tests.architecture.portal_table import PORTAL
from tests.architecture.visitors import METHODS, Town, names

pytestmark = pytest.mark.django_db

DESK = """
                                nobody  owner   other   clerk   abroad  half
desk:sign_in               GET  200
desk:sign_in               POST 422
desk:second_factor         GET  desk    desk    desk    200     200     200
desk:second_factor         POST desk    desk    desk    200     200     200
desk:factors               GET  desk    desk    desk    200     200     factor
desk:factors               POST 405
desk:factors_app           GET  desk    desk    desk    302     302     factor
desk:factors_app           POST desk    desk    desk    302     302     factor
desk:factors_add_app       GET  405
desk:factors_add_app       POST desk    desk    desk    302     302     factor
desk:password              GET  desk    desk    desk    200     200     factor
desk:password              POST desk    desk    desk    422     422     factor
desk:factors_passkey       GET  desk    desk    desk    200     200     factor
desk:factors_passkey       POST desk    desk    desk    422     422     factor
desk:factors_recovery      GET  405
desk:factors_recovery      POST desk    desk    desk    200     200     factor
desk:factors_remove        GET  405
desk:factors_remove        POST desk    desk    desk    404     404     factor
desk:queue                 GET  desk    desk    desk    200     200     desk
desk:queue                 POST desk    desk    desk    405     405     desk
desk:claim_next            GET  desk    desk    desk    405     405     desk
desk:claim_next            POST desk    desk    desk    302     302     desk
desk:queue_mission         GET  desk    desk    desk    405     405     desk
desk:queue_mission         POST desk    desk    desk    302     302     desk
desk:keys                  GET  desk    desk    desk    200     200     desk
desk:keys                  POST desk    desk    desk    302     302     desk
desk:views                 GET  desk    desk    desk    200     200     desk
desk:views                 POST desk    desk    desk    422     422     desk
desk:view                  GET  desk    desk    desk    405     405     desk
desk:view                  POST desk    desk    desk    302     302     desk
desk:batches               GET  desk    desk    desk    200     200     desk
desk:batches               POST desk    desk    desk    422     422     desk
desk:batch                 GET  desk    desk    desk    200     404     desk
desk:batch                 POST desk    desk    desk    405     405     desk
desk:batch_letters         GET  desk    desk    desk    404     404     desk
desk:batch_letters         POST desk    desk    desk    405     405     desk
desk:absences              GET  desk    desk    desk    200     200     desk
desk:absences              POST desk    desk    desk    404     404     desk
desk:watch                 GET  desk    desk    desk    403     403     desk
desk:watch                 POST desk    desk    desk    405     405     desk
desk:appointments          GET  desk    desk    desk    200     200     desk
desk:draws                 GET  desk    desk    desk    403     403     desk
desk:draws                 POST desk    desk    desk    403     403     desk
desk:waiting               GET  desk    desk    desk    403     403     desk
desk:waiting               POST desk    desk    desk    403     403     desk
desk:emergencies           GET  desk    desk    desk    200     200     desk
desk:emergencies           POST desk    desk    desk    405     405     desk
desk:offer_times           GET  desk    desk    desk    200     404     desk
desk:offer_times           POST desk    desk    desk    422     404     desk
desk:appointments          POST desk    desk    desk    405     405     desk
desk:appointment_week      GET  desk    desk    desk    200     200     desk
desk:appointment_week      POST desk    desk    desk    405     405     desk
desk:check_in              GET  desk    desk    desk    405     405     desk
desk:check_in              POST desk    desk    desk    302     302     desk
desk:walk_in               GET  desk    desk    desk    200     200     desk
desk:walk_in               POST desk    desk    desk    422     422     desk
desk:day_table             GET  desk    desk    desk    200     200     desk
desk:day_table             POST desk    desk    desk    405     405     desk
desk:day_sheet             GET  desk    desk    desk    200     200     desk
desk:day_sheet             POST desk    desk    desk    405     405     desk
desk:afterwards            GET  desk    desk    desk    200     200     desk
desk:afterwards            POST desk    desk    desk    302     302     desk
desk:appointment_figures   GET  desk    desk    desk    200     200     desk
desk:appointment_figures   POST desk    desk    desk    405     405     desk
desk:attend                GET  desk    desk    desk    405     405     desk
desk:attend                POST desk    desk    desk    302     302     desk
desk:check_in_together     GET  desk    desk    desk    404     404     desk
desk:check_in_together     POST desk    desk    desk    404     404     desk
desk:booking_move          GET  desk    desk    desk    200     404     desk
desk:booking_move          POST desk    desk    desk    422     404     desk
desk:booking_cancel        GET  desk    desk    desk    200     404     desk
desk:booking_cancel        POST desk    desk    desk    422     404     desk
desk:calendars             GET  desk    desk    desk    200     200     desk
desk:calendars             POST desk    desk    desk    405     405     desk
desk:blocks                GET  desk    desk    desk    200     200     desk
desk:blocks                POST desk    desk    desk    404     404     desk
desk:closures              GET  desk    desk    desk    200     404     desk
desk:closures              POST desk    desk    desk    422     404     desk
desk:calendar              GET  desk    desk    desk    200     404     desk
desk:calendar              POST desk    desk    desk    403     404     desk
desk:calendar_absences     GET  desk    desk    desk    200     404     desk
desk:calendar_absences     POST desk    desk    desk    403     404     desk
desk:calendar_blocks       GET  desk    desk    desk    200     404     desk
desk:calendar_blocks       POST desk    desk    desk    422     404     desk
desk:calendar_history      GET  desk    desk    desk    200     404     desk
desk:calendar_history      POST desk    desk    desk    405     405     desk
desk:calendar_undo         GET  desk    desk    desk    403     403     desk
desk:calendar_undo         POST desk    desk    desk    403     403     desk
desk:letter_preview        GET  desk    desk    desk    403     403     desk
desk:letter_preview        POST desk    desk    desk    405     405     desk
desk:previews              GET  desk    desk    desk    403     403     desk
desk:previews              POST desk    desk    desk    405     405     desk
desk:preview               GET  desk    desk    desk    403     403     desk
desk:preview               POST desk    desk    desk    405     405     desk
desk:jobs                  GET  desk    desk    desk    403     403     desk
desk:jobs                  POST desk    desk    desk    405     405     desk
desk:register              GET  desk    desk    desk    403     200     desk
desk:register              POST desk    desk    desk    405     405     desk
desk:revive                GET  desk    desk    desk    405     405     desk
desk:revive                POST desk    desk    desk    403     403     desk
desk:section               GET  desk    desk    desk    403     403     desk
desk:section               POST desk    desk    desk    405     405     desk
desk:move_work             GET  desk    desk    desk    403     403     desk
desk:move_work             POST desk    desk    desk    403     403     desk
desk:hand_cases_over       GET  desk    desk    desk    403     403     desk
desk:hand_cases_over       POST desk    desk    desk    403     403     desk
desk:batch_undo            GET  desk    desk    desk    405     405     desk
desk:batch_undo            POST desk    desk    desk    403     403     desk
desk:section_figures       GET  desk    desk    desk    403     403     desk
desk:section_figures       POST desk    desk    desk    405     405     desk
desk:section_table         GET  desk    desk    desk    403     403     desk
desk:section_table         POST desk    desk    desk    405     405     desk
desk:second_looks          GET  desk    desk    desk    403     200     desk
desk:second_looks          POST desk    desk    desk    403     422     desk
desk:missions              GET  desk    desk    desk    403     403     desk
desk:missions              POST desk    desk    desk    405     405     desk
desk:mission               GET  desk    desk    desk    403     403     desk
desk:mission               POST desk    desk    desk    405     405     desk
desk:mission_undo          GET  desk    desk    desk    405     405     desk
desk:mission_undo          POST desk    desk    desk    403     403     desk
desk:mission_staff         GET  desk    desk    desk    403     403     desk
desk:mission_staff         POST desk    desk    desk    403     403     desk
desk:mission_sites         GET  desk    desk    desk    403     403     desk
desk:mission_sites         POST desk    desk    desk    403     403     desk
desk:mission_detail        GET  desk    desk    desk    403     403     desk
desk:mission_detail        POST desk    desk    desk    403     403     desk
desk:search                GET  desk    desk    desk    200     200     desk
desk:search                POST desk    desk    desk    422     422     desk
desk:found                 GET  desk    desk    desk    200     404     desk
desk:found                 POST desk    desk    desk    405     405     desk
desk:searches              GET  desk    desk    desk    403     403     desk
desk:searches              POST desk    desk    desk    405     405     desk
desk:mention_read          GET  desk    desk    desk    405     405     desk
desk:mention_read          POST desk    desk    desk    302     302     desk
desk:flags                 GET  desk    desk    desk    405     405     desk
desk:flags                 POST desk    desk    desk    422     404     desk
desk:keep_note             GET  desk    desk    desk    405     405     desk
desk:keep_note             POST desk    desk    desk    204     404     desk
desk:document_view         GET  desk    desk    desk    200     404     desk
desk:document_view         POST desk    desk    desk    405     405     desk
desk:document_page         GET  desk    desk    desk    200     404     desk
desk:document_page         POST desk    desk    desk    405     405     desk
desk:case                  GET  desk    desk    desk    200     404     desk
desk:case                  POST desk    desk    desk    405     405     desk
desk:process               GET  desk    desk    desk    200     404     desk
desk:process               POST desk    desk    desk    405     405     desk
desk:diagram               GET  desk    desk    desk    200     404     desk
desk:diagram               POST desk    desk    desk    405     405     desk
desk:proposed_letter       GET  desk    desk    desk    404     404     desk
desk:proposed_letter       POST desk    desk    desk    405     405     desk
desk:write                 GET  desk    desk    desk    405     405     desk
desk:write                 POST desk    desk    desk    422     404     desk
desk:documents             GET  desk    desk    desk    200     404     desk
desk:documents             POST desk    desk    desk    405     405     desk
desk:document              GET  desk    desk    desk    200     404     desk
desk:document              POST desk    desk    desk    405     405     desk
desk:letter                GET  desk    desk    desk    200     404     desk
desk:letter                POST desk    desk    desk    405     405     desk
desk:letters               GET  desk    desk    desk    200     404     desk
desk:letters               POST desk    desk    desk    404     404     desk
desk:annulment             GET  desk    desk    desk    403     404     desk
desk:annulment             POST desk    desk    desk    403     404     desk
desk:annulment_elsewhere   GET  desk    desk    desk    403     200     desk
desk:annulment_elsewhere   POST desk    desk    desk    403     422     desk
desk:withdraw              GET  desk    desk    desk    200     404     desk
desk:withdraw              POST desk    desk    desk    422     404     desk
desk:letter_change         GET  desk    desk    desk    403     404     desk
desk:letter_change         POST desk    desk    desk    403     404     desk
desk:unreached             GET  desk    desk    desk    403     200     desk
desk:unreached             POST desk    desk    desk    405     405     desk
desk:send_again            GET  desk    desk    desk    405     405     desk
desk:send_again            POST desk    desk    desk    403     404     desk
desk:answer                GET  desk    desk    desk    405     405     desk
desk:answer                POST desk    desk    desk    403     404     desk
desk:complete              GET  desk    desk    desk    405     405     desk
desk:complete              POST desk    desk    desk    422     404     desk
desk:claim                 GET  desk    desk    desk    405     405     desk
desk:claim                 POST desk    desk    desk    302     404     desk
desk:ask                   GET  desk    desk    desk    200     404     desk
desk:ask                   POST desk    desk    desk    302     404     desk
desk:pass_on               GET  desk    desk    desk    403     404     desk
desk:pass_on               POST desk    desk    desk    403     404     desk
"""


def expected() -> dict[tuple[str, str], str]:
    """The table: address and method -> what the six are answered."""
    rows = (line.split() for line in (PORTAL + DESK).splitlines() if ":" in line)
    return {
        (name, method): " ".join(cells * 6 if len(cells) == 1 else cells) for name, method, *cells in rows
    }


@pytest.fixture
def town() -> Town:
    return Town()


def test_every_address_answers_every_visitor_as_the_table_says(town: Town) -> None:
    answers = {
        (name, method): town.answers(method, town.address(name, parameters))
        for name, parameters in names()
        for method in METHODS
    }

    assert answers == expected()


def test_without_visible_to_others_would_see_the_case(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda cases, *_who: cases.all())

    assert town.answers("GET", town.address("portal:case", ["reference"])).split()[2] == "200"
    assert town.answers("GET", town.address("desk:case", ["reference"])).split()[4] == "200"
    document = town.address("desk:document", ["reference", "attachment_id"])
    assert town.answers("GET", document).split()[4] == "200"
