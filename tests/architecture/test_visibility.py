"""Who gets which page: every address of both doors, asked by six visitors, answered exactly so.

The case has everything a case can have. `nobody` is not signed in, `owner` applied, `other` is another applicant,
`clerk` works at the case's mission, `abroad` is an officer with all roles at another mission, `half` gave the password
of a clerk of the mission and not the second factor. A row with one answer is for all six. `sign-in`, `desk`, `factor`
are the pages where one proves who one is; 302 leads anywhere else. A new address needs its rows here.
"""

import pytest

from consular.cases.models import CaseQuerySet
from tests.architecture.visitors import METHODS, Town, names

pytestmark = pytest.mark.django_db

TABLE = """
                                nobody  owner   other   clerk   abroad  half
portal:start               GET  200
portal:start               POST 405
portal:finder              GET  200
portal:finder              POST 405
portal:apply               GET  405
portal:apply               POST 302
portal:draft               GET  sign-in 200     404     sign-in sign-in sign-in
portal:draft               POST 405
portal:review              GET  sign-in 200     404     sign-in sign-in sign-in
portal:review              POST 405
portal:carry               GET  405
portal:carry               POST sign-in 302     404     sign-in sign-in sign-in
portal:take_over           GET  sign-in 200     404     sign-in sign-in sign-in
portal:take_over           POST 405
portal:take_over_answers   GET  sign-in 200     404     sign-in sign-in sign-in
portal:take_over_answers   POST sign-in 422     404     sign-in sign-in sign-in
portal:send                GET  sign-in 200     404     sign-in sign-in sign-in
portal:send                POST sign-in 422     404     sign-in sign-in sign-in
portal:draft_page          GET  sign-in 200     404     sign-in sign-in sign-in
portal:draft_page          POST sign-in 409     404     sign-in sign-in sign-in
portal:sign_in             GET  200     302     302     200     200     200
portal:sign_in             POST 422
portal:sign_in_code        GET  sign-in
portal:sign_in_code        POST sign-in
portal:sign_out            GET  405
portal:sign_out            POST 302     302     302     desk    desk    302
portal:my_cases            GET  sign-in 200     200     sign-in sign-in sign-in
portal:my_cases            POST 405
portal:own_data            GET  sign-in 200     200     sign-in sign-in sign-in
portal:own_data            POST sign-in 200     200     sign-in sign-in sign-in
portal:account_delete      GET  sign-in 200     200     sign-in sign-in sign-in
portal:account_delete      POST sign-in 409     302     sign-in sign-in sign-in
portal:draft_delete        GET  sign-in 200     404     sign-in sign-in sign-in
portal:draft_delete        POST sign-in 302     404     sign-in sign-in sign-in
portal:openings            GET  sign-in 200     404     sign-in sign-in sign-in
portal:openings            POST 405
portal:correction          GET  sign-in 302     404     sign-in sign-in sign-in
portal:correction          POST sign-in 302     404     sign-in sign-in sign-in
portal:corrections_send    GET  sign-in 302     404     sign-in sign-in sign-in
portal:corrections_send    POST sign-in 302     404     sign-in sign-in sign-in
portal:case                GET  sign-in 200     404     sign-in sign-in sign-in
portal:case                POST 405
portal:messages            GET  405
portal:messages            POST sign-in 422     404     sign-in sign-in sign-in
portal:withdraw            GET  sign-in 200     404     sign-in sign-in sign-in
portal:withdraw            POST sign-in 409     404     sign-in sign-in sign-in
portal:appointment         GET  sign-in 200     404     sign-in sign-in sign-in
portal:appointment         POST sign-in 422     404     sign-in sign-in sign-in
portal:appointment_confirm GET  sign-in 302     404     sign-in sign-in sign-in
portal:appointment_confirm POST sign-in 404     404     sign-in sign-in sign-in
portal:draw                GET  404
portal:draw                POST 405
portal:draw_file           GET  404
portal:draw_file           POST 405
portal:waiting             GET  sign-in 302     404     sign-in sign-in sign-in
portal:waiting             POST sign-in 409     404     sign-in sign-in sign-in
portal:offered_times       GET  sign-in 200     404     sign-in sign-in sign-in
portal:offered_times       POST sign-in 422     404     sign-in sign-in sign-in
portal:emergency           GET  sign-in 200     404     sign-in sign-in sign-in
portal:emergency           POST sign-in 422     404     sign-in sign-in sign-in
portal:appointment_move    GET  sign-in 200     404     sign-in sign-in sign-in
portal:appointment_move    POST sign-in 422     404     sign-in sign-in sign-in
portal:appointment_cancel  GET  sign-in 200     404     sign-in sign-in sign-in
portal:appointment_cancel  POST sign-in 404     404     sign-in sign-in sign-in
portal:appointment_file    GET  sign-in 200     404     sign-in sign-in sign-in
portal:appointment_file    POST 405
portal:appointment_extend  GET  405
portal:appointment_extend  POST sign-in 302     404     sign-in sign-in sign-in
portal:appointment_link_file   GET  200
portal:appointment_link_file   POST 405
portal:appointment_link        GET  200
portal:appointment_link        POST 405
portal:appointment_link_move   GET  200
portal:appointment_link_move   POST 422
portal:appointment_link_cancel GET  200
portal:appointment_link_cancel POST 200
portal:mandate             GET  sign-in 200     404     sign-in sign-in sign-in
portal:mandate             POST sign-in 422     404     sign-in sign-in sign-in
portal:person_add          GET  405
portal:person_add          POST sign-in 302     404     sign-in sign-in sign-in
portal:person_alone        GET  405
portal:person_alone        POST sign-in 302     404     sign-in sign-in sign-in
portal:consent             GET  sign-in 200     404     sign-in sign-in sign-in
portal:consent             POST sign-in 422     404     sign-in sign-in sign-in
portal:group               GET  sign-in 200     404     sign-in sign-in sign-in
portal:group               POST 405
portal:group_send          GET  sign-in 302     404     sign-in sign-in sign-in
portal:group_send          POST sign-in 302     404     sign-in sign-in sign-in
portal:consent_link        GET  200
portal:consent_link        POST 422
portal:consent_code        GET  405
portal:consent_code        POST 200
portal:consent_answer      GET  405
portal:consent_answer      POST 403
portal:letter              GET  sign-in 200     404     sign-in sign-in sign-in
portal:letter              POST 405
portal:letters             GET  sign-in 200     404     sign-in sign-in sign-in
portal:letters             POST sign-in 404     404     sign-in sign-in sign-in
portal:documents           GET  sign-in 200     404     sign-in sign-in sign-in
portal:documents           POST 405
portal:hand_in             GET  405
portal:hand_in             POST sign-in 409     404     sign-in sign-in sign-in
portal:document            GET  sign-in 200     404     sign-in sign-in sign-in
portal:document            POST sign-in 422     404     sign-in sign-in sign-in
portal:upload_begin        GET  405
portal:upload_begin        POST sign-in 409     404     sign-in sign-in sign-in
portal:upload_state        GET  sign-in 200     404     sign-in sign-in sign-in
portal:upload_state        POST 405
portal:upload_chunk        GET  405
portal:upload_chunk        POST sign-in 409     404     sign-in sign-in sign-in
portal:file                GET  sign-in 200     404     sign-in sign-in sign-in
portal:file                POST 405
portal:file_preview        GET  sign-in 200     404     sign-in sign-in sign-in
portal:file_preview        POST 405
portal:file_remove         GET  405
portal:file_remove         POST sign-in 409     404     sign-in sign-in sign-in
portal:availability        GET  200
portal:availability        POST 405
portal:availability_mission GET  200
portal:availability_mission POST 405
portal:verify              GET  200
portal:verify              POST 422
portal:verify_code         GET  200
portal:verify_code         POST 405
portal:seal_certificates   GET  200
portal:seal_certificates   POST 405
portal:language            GET  405
portal:language            POST 302
portal:privacy             GET  200
portal:privacy             POST 405
portal:accessibility       GET  200
portal:accessibility       POST 405
portal:imprint             GET  200
portal:imprint             POST 405
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
desk:keys                  GET  desk    desk    desk    200     200     desk
desk:keys                  POST desk    desk    desk    302     302     desk
desk:views                 GET  desk    desk    desk    200     200     desk
desk:views                 POST desk    desk    desk    422     422     desk
desk:view                  GET  desk    desk    desk    405     405     desk
desk:view                  POST desk    desk    desk    302     404     desk
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
desk:emergencies           GET  desk    desk    desk    200     403     desk
desk:emergencies           POST 405
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
desk:answer                GET  desk    desk    desk    405     405     desk
desk:answer                POST desk    desk    desk    403     404     desk
desk:complete              GET  desk    desk    desk    405     405     desk
desk:complete              POST desk    desk    desk    422     404     desk
desk:claim                 GET  desk    desk    desk    405     405     desk
desk:claim                 POST desk    desk    desk    302     404     desk
desk:ask                   GET  desk    desk    desk    200     404     factor
desk:ask                   POST desk    desk    desk    302     404     factor
desk:pass_on               GET  desk    desk    desk    403     404     desk
desk:pass_on               POST desk    desk    desk    403     404     desk
"""


def expected() -> dict[tuple[str, str], str]:
    """The table: address and method -> what the six are answered."""
    rows = (line.split() for line in TABLE.splitlines() if ":" in line)
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
