"""The rows beside a booking, written by hand, and how bookings are counted and taken away again."""

CONFIRMED = "SELECT count(*) FROM appointments_booking WHERE state = 'confirmed'"
REFERENCE = "SELECT reference FROM appointments_booking WHERE case_id = %s AND state = 'held'"
CLEAN = """
TRUNCATE accounts_tally, appointments_booking, cases_event, notifications_notification, core_job CASCADE;
UPDATE appointments_place SET free_from = '2000-01-01 00:00:00+00' WHERE free_from > '2000-01-01 00:00:00+00';
UPDATE workflow_instance SET variables = '{"booked": false}';
VACUUM ANALYZE appointments_place;
"""
EVENT = (
    "INSERT INTO cases_event (case_id, at, kind, actor_id, node, data) "
    "VALUES (%(case)s, %(now)s, %(kind)s, %(actor)s, '', '{}')"
)
NOTIFICATION = (
    "INSERT INTO notifications_notification (kind, key, to_id, case_id, facts, message_id, promised_at) "
    "VALUES ('appointment_confirmed', %(reference)s, %(actor)s, %(case)s, '{}', %(reference)s, %(now)s)"
)
JOB = (
    "INSERT INTO core_job (name, key, payload, created_at, run_at, attempts, error) "
    "VALUES ('notifications.send', %(reference)s, '{}', %(now)s, %(now)s, 0, '')"
)
OVERBOOKED = """
SELECT count(*) FROM (
    SELECT p.slot_id FROM appointments_booking b JOIN appointments_place p ON p.id = b.place_id
    JOIN appointments_slot s ON s.id = p.slot_id WHERE b.state IN ('held', 'confirmed')
    GROUP BY p.slot_id, s.capacity HAVING count(*) > s.capacity OR count(*) > count(DISTINCT p.id)) AS too_many
"""
