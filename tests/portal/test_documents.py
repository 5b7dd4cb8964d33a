"""The applicant's pages of documents: the list, adding without and with the script, and what is handed out."""

import hashlib
import io
import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from consular.cases.attachments import AttachmentState
from consular.cases.models import Attachment, Case, Phase
from consular.casework import download
from consular.core import jobs
from tests import bad_text, factories, stages
from tests.casework import attaching
from tests.files import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return stages.draft()


@pytest.fixture
def mine(client: Client, case: Case) -> Client:
    return factories.signed_in(client, case.owner)


def address(case: Case, *parts: object) -> str:
    return "/".join(["", "cases", case.reference, *map(str, parts), ""])


def page(client: Client, case: Case, document: str = "means") -> str:
    return unescape(client.get(address(case, "documents", document)).content.decode())


def upload(*contents: bytes, name: str = "scan.jpg") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content, "application/octet-stream") for content in contents]


def test_the_list_has_a_line_for_everything_that_is_asked_for_and_one_for_the_rest(
    mine: Client, case: Case
) -> None:
    text = mine.get(address(case, "documents")).content.decode()

    assert [word in text for word in ("Travel document", "Photo", "Other document", "Nothing yet")] == [
        True
    ] * 4
    assert "Bring the originals" in text


def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(client: Client, case: Case) -> None:
    answer = client.get(address(case, "documents"))

    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=")


def test_several_photos_are_added_as_one_document_and_its_copy_can_be_seen(mine: Client, case: Case) -> None:
    answer = mine.post(
        address(case, "documents", "means"), {"file": upload(hostile.with_exif(), hostile.picture(80, 60))}
    )
    assert (answer.status_code, answer.url) == (302, address(case, "documents", "means"))
    assert "It is being checked" in page(mine, case)

    jobs.work()

    text = page(mine, case)
    assert ("2 pages" in text, "scan.jpg" in text, "Being checked" in text) == (True, True, False)
    attachment = Attachment.objects.get()
    copy = mine.get(address(case, "files", attachment.pk))
    preview = mine.get(address(case, "files", attachment.pk, "preview"))
    assert copy.content.startswith(b"%PDF-1.4")
    assert hostile.SECRET not in copy.content
    assert preview.content.startswith(b"\xff\xd8\xff")


def test_a_copy_is_a_download_under_a_name_of_ours_in_a_sandbox(mine: Client, case: Case) -> None:
    attachment = attaching.ready(case)

    answer = mine.get(address(case, "files", attachment.pk))

    assert answer["Content-Disposition"] == f'attachment; filename="{case.reference}-{attachment.pk}.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer["Content-Security-Policy"] == download.SANDBOX
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_without_its_headers_a_copy_would_be_a_page_like_any_other(
    mine: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the policy of our pages lets scripts of ours run, a sandbox none."""
    monkeypatch.setattr(download, "SANDBOX", "")
    attachment = attaching.ready(case)

    assert "sandbox" not in mine.get(address(case, "files", attachment.pk))["Content-Security-Policy"]
    assert "script-src 'self'" in mine.get(address(case, "documents"))["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose a file."),
        (upload(b""), "A file is empty"),
        (upload(b"GIF89a and more"), "This is not a PDF, JPEG or PNG file"),
        (upload(hostile.picture(60, 80), b"MZ" * 50), "This is not a PDF, JPEG or PNG file"),
    ],
)
def test_what_cannot_be_added_is_said_at_the_field(
    mine: Client, case: Case, files: list[SimpleUploadedFile], said: str
) -> None:
    answer = mine.post(address(case, "documents", "means"), {"file": files})

    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())
    assert 'href="#id_file"' in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_not_read(
    mine: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consular.portal.documents.files.LARGEST_FILE", 1_000)

    answer = mine.post(address(case, "documents", "means"), {"file": upload(hostile.picture())})

    assert answer.status_code == 422
    assert "The files are too large" in answer.content.decode()


def test_a_photo_gets_its_advice_and_a_refused_file_its_reason(mine: Client, case: Case) -> None:
    attaching.checked(case, hostile.picture(100, 100), document="photo")
    attaching.checked(case, hostile.locked(), document="means")

    photo, means = page(mine, case, "photo"), page(mine, case, "means")

    assert "The photo has too few pixels" in photo
    assert "an officer decides" in photo
    assert "The file is protected with a password" in means
    assert "Something is wrong" in mine.get(address(case, "documents")).content.decode()


def test_a_document_is_removed_from_a_draft(mine: Client, case: Case) -> None:
    attachment = attaching.ready(case)

    answer = mine.post(address(case, "files", attachment.pk, "remove"))

    assert (answer.status_code, Attachment.objects.count()) == (302, 0)


def test_what_was_sent_stays_and_says_so(client: Client) -> None:
    case = factories.sent_case(phase=Phase.YOUR_TURN)
    attachment = attaching.ready(case)

    answer = factories.signed_in(client, case.owner).post(address(case, "files", attachment.pk, "remove"))

    assert answer.status_code == 409
    assert "stays with the application" in answer.content.decode()
    assert Attachment.objects.exists()


def test_while_the_process_waits_for_no_documents_the_page_says_that_the_mission_sees_them(
    client: Client,
) -> None:
    case = factories.sent_case(phase=Phase.YOUR_TURN)

    text = factories.signed_in(client, case.owner).get(address(case, "documents")).content.decode()

    assert "The mission sees what is new." in text
    assert "I have sent everything" not in text


def begin(client: Client, case: Case, *contents: bytes) -> dict[str, object]:
    told = attaching.announced(*contents)
    answer = client.post(
        address(case, "documents", "means", "begin"),
        {name: [getattr(each, name) for each in told] for name in ("name", "size", "sha256")},
    )
    assert answer.status_code == 201, answer.content
    return json.loads(answer.content)


def put(client: Client, where: str, content: bytes, offset: object) -> tuple[int, dict[str, object]]:
    answer = client.post(
        where, content, "application/octet-stream",
        headers={"X-Offset": str(offset), "X-SHA256": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    return answer.status_code, json.loads(answer.content)


def test_an_upload_in_chunks_that_breaks_off_twice_arrives_whole(mine: Client, case: Case) -> None:
    first, second = hostile.picture(), hostile.picture(form="PNG")
    size, sent = 3_000, 0
    for breaks_after in (2, 1, 1_000):
        begun = begin(mine, case, first, second)
        for position, content in enumerate((first, second)):
            offset = begun["received"][position]
            while offset < len(content) and sent < breaks_after:
                _status, told = put(mine, begun["chunks"][position], content[offset : offset + size], offset)
                offset, sent = told["received"], sent + 1
        sent = 0

    assert Attachment.objects.get().state == AttachmentState.CHECKING
    jobs.work()
    assert Attachment.objects.get().pages == 2
    state = json.loads(mine.get(address(case, "uploads", begun["id"])).content)
    assert (state["state"], state["received"]) == ("ready", [len(first), len(second)])


@pytest.mark.parametrize("offset", ["", "-1", "a", "1e3", "9" * 30, "٣"])
def test_an_offset_that_is_none_moves_nothing(mine: Client, case: Case, offset: str) -> None:
    begun = begin(mine, case, hostile.picture())

    answer = mine.generic(
        "POST", begun["chunks"][0], b"abc", "application/octet-stream",
        headers={"X-Offset": offset.encode().decode("latin-1"), "X-SHA256": "0" * 64},
    )  # fmt: skip

    assert (answer.status_code, json.loads(answer.content)["received"]) == (200, 0)


@pytest.mark.parametrize("where", ["files/{}/", "files/{}/preview/", "uploads/{}/"])
def test_a_number_that_is_nobodys_is_not_there(mine: Client, case: Case, where: str) -> None:
    answers = [mine.get(address(case) + where.format(number)).status_code for number in (10**9, 10**30)]

    assert answers == [404, 404]


def test_a_chunk_for_a_place_that_is_none_is_refused(mine: Client, case: Case) -> None:
    begun = begin(mine, case, hostile.picture())

    answers = [
        put(mine, address(case, "uploads", number, position), b"abc", 0)[0]
        for number, position in ((begun["id"], 1), (begun["id"], 10**30), (10**30, 0))
    ]

    assert answers == [404, 404, 404]


def test_a_chunk_that_is_too_large_is_not_read(mine: Client, case: Case) -> None:
    begun = begin(mine, case, hostile.picture())

    assert put(mine, begun["chunks"][0], bytes(1024 * 1024 + 1), 0)[0] == 413


def test_a_damaged_chunk_is_refused_with_a_sentence(mine: Client, case: Case) -> None:
    begun = begin(mine, case, hostile.picture())

    answer = mine.post(
        begun["chunks"][0], b"abc", "application/octet-stream", headers={"X-Offset": "0", "X-SHA256": "no"}
    )

    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, "damaged")


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, "number_of_files"),
        ({"name": "a", "size": "x", "sha256": "0" * 64}, "empty"),
        ({"name": "a", "size": "99999999999", "sha256": "0" * 64}, "empty"),
        ({"name": "a", "size": "999999999", "sha256": "0" * 64}, "too_large"),
        ({"name": "a", "size": "10", "sha256": "short"}, "no_digest"),
    ],
)
def test_what_is_announced_is_judged(mine: Client, case: Case, told: dict[str, str], code: str) -> None:
    answer = mine.post(address(case, "documents", "means", "begin"), told)

    assert (answer.status_code, json.loads(answer.content)["code"]) == (422, code)


@pytest.mark.parametrize("what", bad_text.CORPUS)
def test_a_name_that_nobody_types_is_shown_as_text(mine: Client, case: Case, what: str) -> None:
    name = bad_text.CORPUS[what].encode("utf-8", "replace").decode()
    told = attaching.announced(hostile.picture(60, 80))[0]
    begun = mine.post(
        address(case, "documents", "means", "begin"), {"name": name, "size": told.size, "sha256": told.sha256}
    )

    text = mine.get(address(case, "documents", "means")).content.decode()

    assert begun.status_code == 201
    assert [raw for raw in bad_text.RAW if raw in text] == []


def test_plain_names_of_files_never_reach_an_answer(mine: Client, case: Case) -> None:
    content = io.BytesIO(hostile.picture(60, 80))
    content.name = 'a"; filename="evil.html\r\nX-Evil: 1.jpg'
    mine.post(address(case, "documents", "means"), {"file": content})
    jobs.work()

    answer = mine.get(address(case, "files", Attachment.objects.get().pk))

    assert "evil" not in str(answer.headers)
