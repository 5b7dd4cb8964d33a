"""From upload to preview: the request that adds a document, its check by a worker, and the request for its picture.

The reference draws the same pages with the same libraries in this process: no child, no limits, no seal, no rows, no
requests. Files arrive whole, as without scripts; the chunk figure is one of 256 kB, against the same two rows by hand.
"""

import argparse
import hashlib
import io
import os
import resource
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from PIL import Image, ImageFilter

from tests.benchmarks import stand
from tests.files import hostile

CHUNK = 256 * 1024
BY_HAND = (
    'INSERT INTO cases_chunk (piece_id, "offset", content) VALUES (%(piece)s, %(offset)s, %(content)s)',
    "UPDATE cases_piece SET received = %(offset)s + %(size)s WHERE id = %(piece)s",
)


def photo() -> bytes:
    """A page as a phone takes it: 12 million pixels, three to four megabytes."""
    grain = Image.effect_noise((3000, 4000), 30).filter(ImageFilter.GaussianBlur(1)).convert("RGB")
    kept = io.BytesIO()
    Image.blend(grain, Image.new("RGB", grain.size, "#e0dccf"), 0.4).save(kept, "JPEG", quality=95)
    return kept.getvalue()


def bare(contents: list[bytes]) -> bytes:
    """The same copy, drawn here and now."""
    from consular.files import child  # noqa: PLC0415  after the settings

    return child._copied(contents, as_photo=False).content


def journeys(count: int) -> Iterator[stand.Figure]:
    """Upload, check, preview: of a photo, of four joined photos, of a statement of ten pages."""
    from django.test import Client  # noqa: PLC0415  models need the tables

    from tests import factories, stages  # noqa: PLC0415

    stages.ministry()
    owner = factories.applicant()
    client = factories.signed_in(Client(), owner)
    page = photo()
    for name, contents in (
        ("photo of 12 megapixels", [page]),
        ("four photos of 12 megapixels", [page + bytes([n]) for n in range(4)]),
        ("document of 10 pages", [hostile.statement(10)]),
    ):
        ours = journey(client, lambda: stages.draft(owner), contents)
        statements = _counted(ours)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        milliseconds, bare_ms = stand.in_turns([ours, lambda given=contents: bare(given)], count)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        yield stand.figure(
            f"files: upload to preview, {name}", milliseconds, "ms", bare_ms,
            reference="the same pages drawn in this process", statements=statements,
            bytes=sum(map(len, contents)),
            child_cpu_ms=round(1000 * (_cpu(after) - _cpu(before)) / (count + 1)),
        )  # fmt: skip


def journey(client: Any, draft: Callable[[], Any], contents: list[bytes]) -> stand.Work:
    """Adding a document to a draft of its own, its check, its picture; each must work."""
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415  after the settings

    from consular.cases.models import Attachment  # noqa: PLC0415  models need the tables
    from consular.core import jobs  # noqa: PLC0415

    def run() -> None:
        case = draft()
        files = [SimpleUploadedFile("page.jpg", content) for content in contents]
        answer = client.post(f"/cases/{case.reference}/documents/means/", {"file": files})
        assert answer.status_code == 302, answer.content
        jobs.work()
        attachment = Attachment.objects.get(case=case)
        preview = client.get(f"/cases/{case.reference}/files/{attachment.pk}/preview/")
        assert preview.status_code == 200, attachment.reason

    return run


def chunks(url: str, count: int) -> Iterator[stand.Figure]:
    """One chunk through the verb, with its commit."""

    from consular import casework  # noqa: PLC0415  models need the tables
    from consular.casework.attachments import Announced  # noqa: PLC0415
    from tests import stages  # noqa: PLC0415

    case = stages.draft()
    size = 38 * CHUNK
    head = hostile.picture(60, 80)
    part = head + os.urandom(CHUNK - len(head))
    digest = hashlib.sha256(part).hexdigest()
    told = [Announced(str(number), size, f"{number:064}") for number in range(3)]
    attachment = casework.begin_upload(case.pk, "means", told, actor=case.owner)
    places = iter([(position, offset) for position in range(3) for offset in range(0, size - CHUNK, CHUNK)])
    own, other = psycopg.connect(url), stages.draft()
    by_hand = casework.begin_upload(other.pk, "means", told, actor=other.owner)
    pieces = list(by_hand.pieces.order_by("position").values_list("pk", flat=True))
    spots = iter([(piece, offset) for piece in pieces for offset in range(0, size - CHUNK, CHUNK)])

    def ours() -> None:
        position, offset = next(places)
        casework.receive(case.pk, attachment.pk, position, (offset, part, digest), actor=case.owner)

    def rows() -> None:
        piece, offset = next(spots)
        with own.transaction():
            for statement in BY_HAND:
                own.execute(statement, {"piece": piece, "offset": offset, "size": CHUNK, "content": part})

    statements = _counted(ours)
    milliseconds, bare_ms = stand.in_turns([ours, rows], min(count * 5, 100))
    own.close()
    yield stand.figure(
        "files: a chunk of 256 kB", milliseconds, "ms", bare_ms, reference="the same rows written by hand",
        statements=statements,
    )  # fmt: skip


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def _counted(work: stand.Work) -> int:
    from tests.benchmarks import browsing  # noqa: PLC0415  models need the tables

    return browsing.counted(work)


def main() -> None:
    """Print the figures, one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=15, help="times for each figure")
    options = parser.parse_args()
    with stand.database() as url:
        stand.start_django()
        stand.progress("files: upload to preview")
        stand.emit(journeys(options.count))
        stand.emit(chunks(url, options.count))
        stand.hang_up()


if __name__ == "__main__":
    main()
