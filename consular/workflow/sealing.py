"""The seal on a published process: a keyed hash over its bytes and every fact of its publication.

The key (`IDENTITY_KEY`) is never in the database, so whoever can write there, but does not have it, can neither put
another process in the place of a published one nor change from when it counts and who published it, without being
noticed: nothing runs whose seal does not hold.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from consular.core import crypto

PURPOSE = "workflow.definition"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is sealed. `tables` are the hashes of the decision files by name; moments are in UTC, to the microsecond."""

    service: str
    version: int
    edition: int
    sha256: str
    tables: Mapping[str, str]
    valid_from: datetime
    published_at: datetime
    published_by: int | None


def seal(facts: Facts) -> bytes:
    """The seal for these facts."""
    written = asdict(facts) | {
        "valid_from": facts.valid_from.astimezone(UTC).isoformat(),
        "published_at": facts.published_at.astimezone(UTC).isoformat(),
        "tables": dict(facts.tables),
    }
    return crypto.fingerprint(json.dumps(written, sort_keys=True), purpose=PURPOSE)


def holds(signature: bytes, facts: Facts) -> bool:
    """Whether a seal is the one for these facts."""
    return hmac.compare_digest(signature, seal(facts))


def digest(content: bytes) -> str:
    """The hash by which a file is named in a seal."""
    return hashlib.sha256(content).hexdigest()
