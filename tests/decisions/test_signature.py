"""Every change to a signed letter is seen by the signature alone, and a foreign key is not ours."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import signers

from consular.decisions import issuing, keys, signature
from tests.decisions import letters


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return issuing.render(letters.grant())


@pytest.fixture(scope="module")
def signed(unsigned: bytes) -> bytes:
    return signature.sign(unsigned)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> signature.Signer:
    """A key whose certificate carries the same names, from an authority that calls itself the same."""
    file = tmp_path_factory.mktemp("stranger") / "key.p12"
    keys.write(file, "other", name="consular local test")
    return signature.load(file, "other")


def test_a_signed_letter_is_intact_and_ours(signed: bytes):
    assert signature.check(signed) == signature.Seal(intact=True, ours=True)


def test_another_program_finds_the_signature_valid_over_the_whole_file(signed: bytes, tmp_path: Path):
    file = tmp_path / "letter.pdf"
    file.write_bytes(signed)

    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=True, text=True).stdout

    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_the_signature_keeps_the_marks_of_pdf_a_and_pdf_ua(unsigned: bytes, signed: bytes):
    before, after = pikepdf.open(io.BytesIO(unsigned)), pikepdf.open(io.BytesIO(signed))

    assert after.pdf_version == before.pdf_version == "1.7"
    assert "/Version" not in after.Root
    assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    assert after.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1


def test_changes_of_one_byte_are_seen_everywhere_but_in_the_wrapping_of_the_signature(signed: bytes):
    places = range(0, len(signed), max(1, len(signed) // 300))

    unseen = [place for place in places if signature.check(changed(signed, place)).good]

    assert len(places) >= 300
    assert [place for place in unseen if place not in wrapping(signed)] == []


def changed(content: bytes, place: int) -> bytes:
    """The file with one bit of one byte turned."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def wrapping(content: bytes) -> range:
    """The bytes that hold the signature itself, which no signature covers; the register's hash does."""
    start = content.index(b"/Contents <")
    return range(start, content.index(b">", start))


def test_nothing_can_be_added_afterwards(signed: bytes):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)

    assert out.getvalue().startswith(signed)
    assert not signature.check(out.getvalue()).good


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\x00", b"%PDF-1.7\n"])
def test_bytes_behind_the_end_are_seen(signed: bytes, tail: bytes):
    assert not signature.check(signed + tail).good


@pytest.mark.parametrize("head", [b"\n", b"%PDF-1.4\n", b"\xef\xbb\xbf"])
def test_bytes_before_the_beginning_are_seen(signed: bytes, head: bytes):
    assert not signature.check(head + signed).good


def test_a_signature_moved_to_another_letter_is_seen(signed: bytes):
    other = copy_into_new_writer(PdfFileReader(io.BytesIO(signed)))
    out = io.BytesIO()
    other.write(out)

    assert not signature.check(out.getvalue()).good


def test_a_stranger_of_the_same_name_is_not_us(unsigned: bytes, stranger: signature.Signer):
    assert signature.check(stranger.sign(unsigned)) == signature.Seal(intact=True, ours=False)


def test_a_stranger_who_signs_our_signed_letter_again_spoils_it(signed: bytes, stranger: signature.Signer):
    allowed = IncrementalPdfFileWriter(io.BytesIO(signed))
    del allowed.root["/Perms"]  # with it the stranger's program would already refuse
    allowed.update_root()
    out = io.BytesIO()
    allowed.write(out)
    names = signers.PdfSignatureMetadata(field_name="Another", md_algorithm="sha256")

    again = signers.PdfSigner(names, stranger.key).sign_pdf(IncrementalPdfFileWriter(out)).getvalue()

    assert again.startswith(signed)
    assert signature.check(again) == signature.NO_SEAL


def test_a_stranger_passes_where_the_strangers_authority_is_trusted(
    unsigned: bytes, stranger: signature.Signer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(signature, "current", lambda: stranger)

    assert signature.check(stranger.sign(unsigned)).good


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\x00" * 5000, b"PK\x03\x04" + b"x" * 100,
     b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R/Prev 0>>\nstartxref\n0\n%%EOF"],
)  # fmt: skip
def test_whatever_is_handed_in_gets_an_answer(content: bytes):
    assert signature.check(content) == signature.NO_SEAL


def test_an_unsigned_letter_is_not_sealed(unsigned: bytes):
    assert signature.check(unsigned) == signature.NO_SEAL


def test_the_key_is_read_once():
    assert signature.current() is signature.current()


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_key_with_a_wrong_password_is_refused(tmp_path: Path, password: str):
    keys.write(tmp_path / "key.p12", "right", name="test")

    with pytest.raises(ValueError, match="password"):
        signature.load(tmp_path / "key.p12", password)


def write_bundle(file: Path, issuer: str) -> None:
    """A key that "middle" certified, and the certificate of "middle" from an authority that is not in the file."""
    above, middle, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    names = {name: keys._name(name) for name in ("highest", "middle", "key", issuer)}
    certificates = [
        keys._certificate(names["key"], names[issuer], key.public_key(), authority=False).sign(
            middle, hashes.SHA256()
        ),
        keys._certificate(names["middle"], names["highest"], middle.public_key(), authority=True).sign(
            above, hashes.SHA256()
        ),
    ]
    content = pkcs12.serialize_key_and_certificates(
        b"key", key, certificates[0], certificates[1:], BestAvailableEncryption(b"x")
    )
    file.write_bytes(content)


def test_a_key_signs_though_its_file_lacks_the_highest_authority(
    unsigned: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_bundle(tmp_path / "key.p12", "middle")
    signer = signature.load(tmp_path / "key.p12", "x")
    monkeypatch.setattr(signature, "current", lambda: signer)

    assert signature.check(signer.sign(unsigned)).good


def test_a_key_without_its_chain_is_refused(tmp_path: Path):
    write_bundle(tmp_path / "key.p12", "somebody else")

    with pytest.raises(ValueError, match="authority"):
        signature.load(tmp_path / "key.p12", "x")
