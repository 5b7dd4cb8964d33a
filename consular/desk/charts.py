"""Charts as plain numbers of an SVG: made on the server, the table with the same numbers always stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi

WIDTH, HEIGHT, FOOT, HEAD = 320, 140, 16, 14


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands, how high it is, its class, and the number above it."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    value: int


@dataclass(frozen=True)
class Tick:
    """A word under the bars."""

    x: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Bars over words, in a box of WIDTH x HEIGHT; first comes what is read first, in either direction of writing."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - FOOT


def bars(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]], every: int = 1) -> Chart:
    """Groups of bars, one group for each label, one bar in it for each series `(class, numbers)`.

    A number that is None has no bar. Of `every` so many labels one is written, the last one always.
    """
    most = max([1, *(number or 0 for _kind, numbers in series for number in numbers)])
    step = WIDTH / max(1, len(labels))
    width = step * 0.8 / max(1, len(series))
    mirror = get_language_bidi()
    found, ticks = [], []
    for at, label in enumerate(labels):
        for place, (kind, numbers) in enumerate(series):
            number = numbers[at]
            if number is None:
                continue
            x = at * step + step * 0.1 + place * width
            height = (HEIGHT - FOOT - HEAD) * number / most
            y = HEIGHT - FOOT - height
            x = WIDTH - x - width if mirror else x
            found.append(Bar(round(x, 1), round(y, 1), round(width, 1), round(height, 1), kind, number))
        if (len(labels) - 1 - at) % every == 0:
            x = (at + 0.5) * step
            ticks.append(Tick(round(WIDTH - x if mirror else x, 1), label))
    return Chart(tuple(found), tuple(ticks))
