"""Many cases with an open task each, spread as in a real network: a few big missions, many small ones."""

import psycopg

LANES = "CASE WHEN share < 0.55 THEN 'intake_clerk' WHEN share < 0.9 THEN 'caseworker' ELSE 'decider' END"
NODES = "CASE WHEN share < 0.55 THEN 'check_completeness' WHEN share < 0.9 THEN 'examine' ELSE 'decide' END"

INSTANCES = """
INSERT INTO workflow_instance (definition_id, mission_id, variables, memory, phase, revision, started_at)
SELECT %(definition)s, (%(missions)s::bigint[])[1 + floor(cardinality(%(missions)s::bigint[]) * power(random(), 3))],
    '{"booked": false}', '{"numbers": 1, "done": []}', 'in_review', 1,
    now() - random() * interval '60 days'
FROM generate_series(1, %(number)s)
"""
CASES = """
INSERT INTO cases_case (reference, service, version, owner_id, language, phase, outcome, mission_id, because,
    applicant_name, instance_id, created_at, changed_at, submitted_at)
SELECT 'F' || i.id, 'schengen_visa', 1, (%(owners)s::bigint[])[1 + i.id %% cardinality(%(owners)s::bigint[])], 'en',
    'in_review', '', i.mission_id, %(because)s::jsonb, 'Surname' || i.id % 9973 || ', Given', i.id,
    i.started_at, i.started_at, i.started_at
FROM workflow_instance i WHERE i.id > %(after)s
""".replace("id % 9973", "id %% 9973")
TOKENS = f"""
INSERT INTO workflow_token (instance_id, number, node, kind, scope, lane, mission_id, assignee_id, since, due_at,
    message_key, data)
SELECT id, 1, {NODES}, 'task', '', {LANES}, mission_id, CASE WHEN random() < 0.15 THEN %(officer)s END, started_at,
    started_at + interval '10 days' + random() * interval '5 days', '', '{{}}'
FROM (SELECT *, random() AS share FROM workflow_instance WHERE id > %(after)s) AS i
"""  # noqa: S608  all parts are constants of this file


def fill(url: str, number: int, facts: dict[str, object]) -> None:
    """Add this many cases with a process and a task each; `facts` name definition, missions, owners, officer, because.

    Missions come earlier in the list, the more cases they have. Foreign keys are not checked: the rows are made of
    rows that are there.
    """
    with psycopg.connect(url, autocommit=True) as own:
        own.execute("SET session_replication_role = replica")
        own.execute("SELECT setseed(0.5)")
        last = own.execute("SELECT COALESCE(max(id), 0) FROM workflow_instance").fetchone()
        values = {**facts, "number": number, "after": last[0] if last else 0}
        for statement in (INSTANCES, CASES, TOKENS):
            own.execute(statement, values)
        own.execute("VACUUM ANALYZE workflow_instance, workflow_token, cases_case")
