"""The alphabet and the check digit of machine-readable zones (ICAO Doc 9303 part 3, section 4.9)."""

FILLER = "<"
DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
ALPHABET = DIGITS | LETTERS | {FILLER}
VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
WEIGHTS = (7, 3, 1)


def digit(text: str) -> str:
    """The check digit over these characters: weights 7, 3, 1 from the left, modulo 10; a filler counts 0."""
    total = sum(VALUES.get(character, 0) * WEIGHTS[place % 3] for place, character in enumerate(text))
    return str(total % 10)
