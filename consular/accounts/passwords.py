"""Passwords of staff: how they are kept, which are refused, and the first half of signing in.

Applicants have none. Length counts, not composition; nothing expires by age (OWASP ASVS 6.2).
"""

import re
from functools import cache

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consular.accounts import codes, throttle
from consular.accounts.models import Kind, User
from consular.accounts.throttle import HOUR, QUARTER, Limit
from consular.core import crypto
from consular.core.errors import Refused

LONGEST = 128
DIFFERENT = 6
"""How many different characters a password has at least, also without those words."""

REMAINING = 8
"""How many characters remain at least when everybody's words and keyboard rows are taken out."""

WORDS = (
    "consular", "consulate", "consul", "konsulat", "konsular", "botschaft", "embassy", "ambassade", "ministry",
    "ministerium", "auswaertiges", "auswärtiges", "foreignoffice", "foreign", "office", "visum", "visa", "schengen",
    "passport", "reisepass", "password", "passwort", "passphrase", "kennwort", "motdepasse", "geheim", "secret",
    "welcome", "willkommen", "letmein", "changeme", "admin", "administrator", "sommer", "winter", "summer", "hallo",
    "hello", "iloveyou", "monkey", "dragon", "master", "qwerty", "qwertz", "azerty",
)  # fmt: skip
ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "0123456789012345678901234567890", "qwertyuiop", "qwertzuiopü", "azertyuiop",
    "asdfghjklöä", "qsdfghjklm", "yxcvbnm", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)  # fmt: skip
RUN = 4

PER_NETWORK = Limit("passwords of a network", 60, QUARTER)
PER_ADDRESS = Limit("passwords of an address", 10, HOUR)
PER_KNOWN_BROWSER = Limit("passwords of an address in known browsers", 10, HOUR)


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: the OWASP minimum, so that many can sign in at once."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class NotTooLong:
    """Refuses passwords over 128 characters: hashing them would only cost time."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use at most %(most)d characters."), code="password_too_long", params={"most": LONGEST}
            )

    def get_help_text(self) -> str:
        return _("Use at most %(most)d characters.") % {"most": LONGEST}


class NotEasyToGuess:
    """Refuses what remains of nothing but everybody's words, names of the person, keyboard rows and repetition."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = password.casefold()
        rest = _rest(plain, user)
        if (
            _repeats(plain)
            or len(set(plain)) < DIFFERENT
            or len(rest) < REMAINING
            or len(set(rest)) < DIFFERENT
        ):
            raise ValidationError(self.get_help_text(), code="password_easy_to_guess")

    def get_help_text(self) -> str:
        return _("Use several words that have nothing to do with you, this office or each other.")


def sign_in(email: str, password: str, *, network: str, known_browser: bool) -> User:
    """The member of staff with this password; Refused (422, or 429 after too many tries) otherwise.

    One hash is computed in every case, and every failure has the same sentence.
    """
    email = codes.tidy(email)
    tries = [(PER_NETWORK, network), (PER_KNOWN_BROWSER if known_browser else PER_ADDRESS, email)]
    throttle.require(tries)
    user = User.objects.filter(email=email, kind=Kind.STAFF, is_active=True).first()
    stored = user if user is not None and user.has_usable_password() else User(password=_nobodys())
    if not stored.check_password(password) or user is None:
        raise Refused(
            gettext_lazy("The e-mail address and the password do not belong together."),
            code="wrong_password",
            status=422,
        )
    throttle.give_back(tries)
    return user


def replace(user: User, present: str, password: str) -> None:
    """Change one's own password, knowing the present one. Refused (422, or 429 after too many tries)."""
    tries = [(PER_KNOWN_BROWSER, user.email)]
    throttle.require(tries)
    if not user.check_password(present):
        message = gettext_lazy("This is not your present password.")
        raise Refused(message, code="wrong_password", field="present", status=422)
    throttle.give_back(tries)
    change(user, password)


def change(user: User, password: str) -> None:
    """Give `user` a new password; all sessions of the account end. Refused (422) when it is weak."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages), code="weak", field="new", status=422) from problem
    user.set_password(password)
    user.save(update_fields=["password"])


@cache
def _nobodys() -> str:
    """A hash that no password fits, checked for addresses without an account."""
    return make_password(crypto.token())


def _repeats(plain: str) -> bool:
    """Whether the text is a shorter text, repeated."""
    return plain in (plain + plain)[1:-1]


def _rest(plain: str, user: User | None) -> str:
    """What is left of a password without words and rows that everybody tries first."""
    words = [*WORDS, *_words_of(user)]
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, "")
    for row in ROWS:
        for direction in (row, row[::-1]):
            plain = _without_runs(plain, direction)
    return plain


def _words_of(user: User | None) -> list[str]:
    if user is None:
        return []
    return [word for word in re.split(r"[\W\d_]+", f"{user.email} {user.name}".casefold()) if len(word) > 2]


def _without_runs(plain: str, row: str) -> str:
    """`plain` without its stretches of four or more characters that lie side by side in `row`."""
    kept = []
    start = 0
    while start < len(plain):
        length = 0
        while start + length < len(plain) and plain[start : start + length + 1] in row:
            length += 1
        if length < RUN:
            kept.append(plain[start])
            length = 1
        start += length
    return "".join(kept)
