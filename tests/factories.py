"""Functions that build one valid thing; a test passes only what it is about."""

from datetime import date

from consular.accounts.models import Kind, Role, User
from consular.missions.models import Mission, Posting

_numbers = iter(range(1, 1_000_000))


def applicant(**fields: object) -> User:
    """An applicant with an account."""
    return User.objects.create_user(f"applicant{next(_numbers)}@example.org", **fields)


def official(*roles: Role, mission: Mission | None = None, **fields: object) -> User:
    """A member of staff, posted with these roles at one mission (None: everywhere)."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"official{number}@example.org", kind=Kind.STAFF, name=f"Official {number}", **fields
    )
    for role in roles:
        Posting.objects.create(user=user, mission=mission, role=role, starts_on=date(2020, 1, 1))
    return user


def mission(code: str | None = None, **fields: object) -> Mission:
    """An embassy in India's time zone unless said otherwise."""
    values = {
        "code": code or f"M{next(_numbers)}",
        "kind": "embassy",
        "city": "New Delhi",
        "country": "IN",
        "time_zone": "Asia/Kolkata",
        "languages": ["en", "de"],
    }
    return Mission.objects.create(**{**values, **fields})
