"""How many letters a second: print and sign, against bare WeasyPrint plus a bare signature in the same run.

`python -m tests.benchmarks.letter` prints one JSON line per figure: ours, the bare reference, and the ratio of their
times (1 is as fast, 2 takes twice as long). The reference renders the same HTML with the same fonts and the same fast
subsetting, but without marks of PDF/A and PDF/UA, and signs without certifying. Both take turns, letter by letter, so
that a busy machine slows both down alike. The median of each counts.

Memory is what the process holds after many different letters, in all scripts, against what it held after a tenth.
"""

# ruff: noqa: E402  the imports below need the settings

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import django

from tests.benchmarks import stand

django.setup()

from django.conf import settings
from django.template.loader import render_to_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from consular.core import clock
from consular.decisions import issuing, keys, pdf, seal, signature
from consular.decisions.letter import Letter
from tests.decisions import letters
from tests.decisions.test_pdf import NAMES

ANSWERS = 32
"""As many as fill two pages."""

Work = Callable[[], object]


def measured(ours: Work, bare: Work, count: int) -> tuple[float, float]:
    """The median seconds of each, taking turns; what is loaded once is loaded before."""
    ours(), bare()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(count):
        for work, kept in zip((ours, bare), times, strict=True):
            started = time.perf_counter()
            work()
            kept.append(time.perf_counter() - started)
    return statistics.median(times[0]), statistics.median(times[1])


def bare_render(letter: Letter) -> bytes:
    """The same page with WeasyPrint as it comes, but with our fonts and subsetting."""
    renderer = pdf._renderer()
    html = render_to_string(f"letters/{letter.kind}.html", {"letter": letter})
    content = renderer.html(string=html).write_pdf(font_config=renderer.fonts)
    return bytes(content)


def bare_sign(content: bytes, key: signers.Signer) -> bytes:
    """A plain signature with the library's defaults."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    metadata = signers.PdfSignatureMetadata(field_name="Signature", md_algorithm="sha256")
    signed: io.BytesIO = signers.sign_pdf(writer, metadata, signer=key)
    return signed.getvalue()


def figures(signer: signature.Signer, count: int) -> Iterator[stand.Figure]:
    """Printing, signing, and both."""
    letter = letters.receipt(*(f"Answer number {number} of the applicant" for number in range(ANSWERS)))
    content, bare = issuing.render(letter), bare_render(letter)
    for name, ours, reference in (
        ("letter: print", lambda: issuing.render(letter), lambda: bare_render(letter)),
        ("letter: sign", lambda: signer.sign(content), lambda: bare_sign(bare, signer.key)),
        (
            "letter: print and sign",
            lambda: signer.sign(issuing.render(letter), contact=letter.verify_address),
            lambda: bare_sign(bare_render(letter), signer.key),
        ),
    ):
        seconds, bare_seconds = measured(ours, reference, count)
        milliseconds, bare_ms = 1000 * seconds, 1000 * bare_seconds
        yield stand.figure(name, milliseconds, "ms", bare_ms, reference="bare WeasyPrint and pyHanko")


def memory(count: int) -> stand.Figure:
    """The MB after `count` letters, each sealed, printed and signed, no two alike."""
    after: dict[int, float] = {}
    names = list(NAMES.values())
    for number in range(1, count + 1):
        several = (names[(number + place) % len(names)] for place in range(3))
        letter = letters.receipt(*several, f"Answer {number}", applicant=names[number % len(names)])
        letter = seal.put_on(replace(letter, number=f"N/{number}"), mission="ACCR", on=clock.today())
        signature.sign(issuing.render(letter), contact=letter.verify_address)
        after[number] = held()
    tenth = max(1, count // 10)
    return stand.figure(
        "letter: memory", after[count], "MB", after[tenth], reference=f"after {tenth} letters", letters=count
    )


def held() -> float:
    """The MB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=20, help="letters per figure")
    parser.add_argument("--many", type=int, default=500, help="letters for the memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings.SIGNING_KEY_FILE, settings.SEAL_KEY_FILE = Path(folder, "signing"), Path(folder, "seal")
        keys.make_local()
        stand.progress("letter: printing and signing")
        stand.emit(figures(signature.current(), options.letters))
        stand.progress("letter: memory")
        stand.emit(iter([memory(options.many)]))


if __name__ == "__main__":
    main()
