"""The rows of `test_visibility.py` for the pages of applicants: address, method, what each visitor is answered."""

PORTAL = """
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
portal:offer_link              GET  200
portal:offer_link              POST 422
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
portal:consent_answer      POST 302
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
"""
