"""A citizen consular service: online forms, a workflow engine, appointments and signed decisions.

Imports point down this list, never up, and never sideways on one line:

    portal | desk | api | ops
    casework
    routing | fees | decisions | appointments | notifications
    cases
    formspec | workflow
    missions
    accounts
    rules | files | travel
    core
"""
