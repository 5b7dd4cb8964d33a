"""Built-in functions over numbers and truth (DMN 1.5, 10.3.4.2 and 10.3.4.5)."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from consular.rules.feel.registry import builtin
from consular.rules.values import NUMBERS, Months, Value, whole

EXACT = Context(prec=12_500, Emin=-6143, Emax=6144 * 2, traps=[])
"""As many digits as the quotient of any two numbers may have."""
LEAST_SCALE, GREATEST_SCALE = -6111, 6176


@builtin("not", "negand:boolean~")
def negation(negand: bool | None) -> bool | None:
    """The other truth; null for what is no boolean."""
    return None if negand is None else not negand


def rounded(number: Decimal, scale: Decimal | None, rounding: str) -> Decimal | None:
    """A number with so many decimal places; negative places round tens, hundreds and so on."""
    places = whole(scale or Decimal(0))
    if not LEAST_SCALE <= places <= GREATEST_SCALE:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -places:
        return number
    return NUMBERS.plus(number.quantize(Decimal(1).scaleb(-places), rounding, NUMBERS))


@builtin("decimal", "n:number, scale:number")
def decimal(n: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded to places, ties to the even digit."""
    return rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor", "n:number, scale:number?")
def floor(n: Decimal, scale: Decimal | None) -> Decimal | None:
    """Rounded down."""
    return rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling", "n:number, scale:number?")
def ceiling(n: Decimal, scale: Decimal | None) -> Decimal | None:
    """Rounded up."""
    return rounded(n, scale, ROUND_CEILING)


@builtin("round up", "n:number, scale:number")
def round_up(n: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded away from zero."""
    return rounded(n, scale, ROUND_UP)


@builtin("round down", "n:number, scale:number")
def round_down(n: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded towards zero."""
    return rounded(n, scale, ROUND_DOWN)


@builtin("round half up", "n:number, scale:number")
def round_half_up(n: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded to the nearest, ties away from zero."""
    return rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down", "n:number, scale:number")
def round_half_down(n: Decimal, scale: Decimal) -> Decimal | None:
    """Rounded to the nearest, ties towards zero."""
    return rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs", "n:number/duration")
def absolute(n: Value) -> Value:
    """Without its sign."""
    if isinstance(n, Months):
        return Months(abs(n.count))
    return abs(n) if isinstance(n, timedelta) else NUMBERS.abs(n)


def remainder(dividend: Decimal, divisor: Decimal) -> Decimal:
    """What remains, with the sign of the dividend, also where the quotient has more digits than a number."""
    return NUMBERS.plus(EXACT.remainder(dividend, divisor))


@builtin("modulo", "dividend:number, divisor:number")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """What remains after dividing; it has the sign of the divisor."""
    if not divisor:
        return None
    rest = remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else NUMBERS.plus(rest)


@builtin("sqrt", "number:number", price=50)
def square_root(number: Decimal) -> Decimal | None:
    """The square root of a number that is not negative."""
    return NUMBERS.sqrt(number) if number >= 0 else None


@builtin("log", "number:number", price=50)
def logarithm(number: Decimal) -> Decimal | None:
    """The natural logarithm of a positive number."""
    return NUMBERS.ln(number) if number > 0 else None


@builtin("exp", "number:number", price=50)
def exponential(number: Decimal) -> Decimal:
    """Euler's number to a power."""
    return NUMBERS.exp(number)


@builtin("odd", "number:number")
def odd(number: Decimal) -> bool:
    """Whether a whole number is odd."""
    return abs(remainder(number, Decimal(2))) == 1


@builtin("even", "number:number")
def even(number: Decimal) -> bool:
    """Whether a whole number is even."""
    return remainder(number, Decimal(2)) == 0
