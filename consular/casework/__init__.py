"""Every verb: all that a person or the clock can do, one function each, one transaction each.

Every verb has the same order: lock, judge, write, record, promise. A verb never calls a verb: the second durable
transaction would fail at once. `Refused` is the only expected exception.
"""

from consular.casework.applicant import adopt, readable_draft, save, start
from consular.casework.correspondence import note, reply
from consular.casework.officer import claim, complete, release
from consular.casework.submission import submit
from consular.casework.worker import acknowledge, issue, wake

__all__ = [
    "acknowledge",
    "adopt",
    "claim",
    "complete",
    "issue",
    "note",
    "readable_draft",
    "release",
    "reply",
    "save",
    "start",
    "submit",
    "wake",
]
