"""References people read aloud and type: random, checksummed, saying nothing about anybody."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base 32: no I, L, O, U."""

_CHECK = ALPHABET + "*~$=U"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})


def issue(length: int = 11) -> str:
    """A new reference of `length` random characters (5 bits each) and one check character, in groups of four."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(length))
        found = checked(body)
        if found is not None:
            return found


def checked(body: str) -> str | None:
    """`body` (signs of `ALPHABET`) with its check character, in groups of four; None where that is no such sign."""
    check = _check(body)
    return _grouped(body + check) if check in ALPHABET else None


def tidy(text: str) -> str | None:
    """The reference that was meant by `text` (case, spaces, dashes, O for 0 and I or L for 1), or None if none."""
    plain = text.strip().upper().translate(_READ_AS)
    if len(plain) < 2 or any(character not in ALPHABET for character in plain):
        return None
    return _grouped(plain) if _check(plain[:-1]) == plain[-1] else None


def _check(body: str) -> str:
    """Crockford's check symbol: the value modulo 37 finds every single wrong or swapped character."""
    value = 0
    for character in body:
        value = value * 32 + ALPHABET.index(character)
    return _CHECK[value % 37]


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))
