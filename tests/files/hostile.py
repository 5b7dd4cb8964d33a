"""Files as strangers send them, built here: honest ones, and ones that mean harm. Nothing of them is committed."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw

SECRET = b"only-the-original-has-this"
"""A mark that no copy may carry."""


def picture(width: int = 600, height: int = 800, *, form: str = "JPEG", **options: object) -> bytes:
    """A drawing with a dark square in the upper left corner, and something to see in the middle."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 4, height // 4), fill="black")
    pen.ellipse((width // 3, height // 3, width // 2, height // 2), fill="red")
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def with_exif(orientation: int = 1) -> bytes:
    """A photo that says where it was taken, by what, and which way is up."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x010E] = orientation, "Camera", SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    return picture(exif=exif, comment=SECRET)


def with_broken_exif(orientation: int) -> bytes:
    """A photo that says which way is up, beside a resolution that is a letter."""
    entries = struct.pack("<HHLHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<HHL4s", 0x011A, 2, 2, b"x")
    return picture(exif=b"Exif\0\0II*\0" + struct.pack("<LH", 8, 2) + entries + bytes(4))


def _pdf(change: Callable[[Pdf], None] | None = None, pages: int = 1, **save: object) -> bytes:
    document = Pdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    text = b"q 0 0 1 rg 100 100 300 300 re f Q BT /F 24 Tf 72 700 Td (Bank statement) Tj ET"
    page = document.pages[0]
    page.Contents = Stream(document, text)
    page.Resources = Dictionary(
        Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    document.docinfo["/Author"] = SECRET.decode()
    if change:
        change(document)
    kept = io.BytesIO()
    document.save(kept, **save)
    return kept.getvalue()


def statement(pages: int = 1) -> bytes:
    """An honest PDF file."""
    return _pdf(pages=pages)


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert('" + SECRET.decode() + "')"))


def _opens(document: Pdf) -> None:
    document.Root.OpenAction = _script()
    document.Root.AA = Dictionary(WC=_script())
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), _script()])))


def _carries(document: Pdf) -> None:
    document.attachments["invoice.exe"] = pikepdf.AttachedFileSpec(document, b"MZ" + SECRET)


def _acts(document: Pdf) -> None:
    actions = (
        Dictionary(S=Name.Launch, F=pikepdf.String("cmd.exe")),
        Dictionary(S=Name.URI, URI=pikepdf.String("https://example.invalid/" + SECRET.decode())),
        Dictionary(S=Name.SubmitForm, F=pikepdf.String("https://example.invalid/")),
    )
    document.pages[0].Annots = Array(
        document.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 595, 842]), A=action)
        )
        for action in actions
    )


def _has_form(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(
        Fields=Array(), XFA=Stream(document, b"<xdp>" + SECRET + b"</xdp>"), CO=Array()
    )


ACTIVE = {
    "scripts that run when opened": _pdf(_opens),
    "an attached program": _pdf(_carries),
    "links, launches and forms that send": _pdf(_acts),
    "an XFA form": _pdf(_has_form),
    "a page after the end": _pdf() + b"\n%" + SECRET + b"\n%%EOF\n",
}
"""PDF files that would do something. They may be copied: a copy of pixels does nothing."""


def locked() -> bytes:
    """A PDF file that wants a password."""
    return _pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))


def pages_in_a_circle() -> bytes:
    """A PDF file whose list of pages contains itself."""
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 1000000>>\nendobj\n"
        b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def unfolding(megabytes: int = 300) -> bytes:
    """A small PDF file with an image that unfolds to hundreds of megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    packed = zlib.compress(packed, 9)

    def draws(document: Pdf) -> None:
        side = int((megabytes * 1_000_000 / 3) ** 0.5)
        image = Stream(document, b"")
        image.write(packed, filter=Array([Name.FlateDecode, Name.FlateDecode]))
        for key, value in {
            "/Type": Name.XObject, "/Subtype": Name.Image, "/Width": side, "/Height": side,
            "/ColorSpace": Name.DeviceRGB, "/BitsPerComponent": 8,
        }.items():  # fmt: skip
            image[key] = value
        page = document.pages[0]
        page.Resources.XObject = Dictionary(I=image)
        page.Contents = Stream(document, b"595 0 0 842 0 0 cm /I Do")

    return _pdf(draws, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def drawing_without_end() -> bytes:
    """A small PDF file that draws ten to the ninth squares: each form draws the next one ten times."""

    def draws(document: Pdf) -> None:
        inner = document.make_indirect(_form(document, b"0 0 1 1 re f"))
        for _ in range(9):
            outer = _form(document, b"/F Do " * 10)
            outer.Resources = Dictionary(XObject=Dictionary(F=inner))
            inner = document.make_indirect(outer)
        document.pages[0].Resources.XObject = Dictionary(F=inner)
        document.pages[0].Contents = Stream(document, b"/F Do")

    return _pdf(draws)


def _form(document: Pdf, content: bytes) -> Stream:
    form = Stream(document, content)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    return form


def huge_page() -> bytes:
    """A PDF file with one page of 200 by 200 inches, the largest there is."""
    return _pdf(lambda document: document.pages[0].__setattr__("MediaBox", Array([0, 0, 14400, 14400])))


def pixels(width: int, height: int) -> bytes:
    """A PNG of one colour in a few kilobytes, however many pixels it claims."""
    packer = zlib.compressobj(9)
    row = b"\0" + bytes(width * 3)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return _png(struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0), data)


def claimed(width: int, height: int) -> bytes:
    """A PNG that claims more than it has."""
    return _png(struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0), zlib.compress(b"\0\0\0\0"))


def _png(head: bytes, data: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def with_text_bomb() -> bytes:
    """A PNG with a comment that unfolds to 50 MB."""
    text = b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9)
    plain = picture(60, 80, form="PNG")
    return plain[:33] + _chunk(b"zTXt", text) + plain[33:]


POLYGLOTS = {
    "a picture that is an archive, too": picture() + b"PK\x05\x06" + bytes(18) + SECRET,
    "a picture with a page behind it": picture(form="PNG") + b"<script>" + SECRET + b"</script>",
    "a picture with a program in its comment": picture(comment=b"<?php " + SECRET),
    "a document that is an archive, too": statement() + b"PK\x05\x06" + bytes(18) + SECRET,
}
"""Files that are two things at once: the copy is one thing."""

NOT_OURS = {
    "an animation": b"GIF89a" + bytes(40),
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "an archive": b"PK\x03\x04" + bytes(40),
    "a program": b"MZ" + bytes(60),
    "a document that begins later": b"MZ\n" + statement(),
    "text that says it is a document": b"%PDF-x.y",
    "nothing": b"",
    "a TIFF picture": b"II*\0" + bytes(40),
    "an old document of an office program": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}
"""Files of other kinds, whatever they are called."""

DAMAGED = {
    "half a photo": picture()[: len(picture()) // 3],
    "half a drawing": picture(form="PNG")[:200],
    "a document of noise": b"%PDF-1.7\n" + bytes(range(256)) * 20,
    "a document without pages": b"%PDF-1.4\ntrailer<</Root<</Pages<</Count 0/Kids[]>>>>>>\n%%EOF",
    "a photo that is only a beginning": b"\xff\xd8\xff\xe0",
    "pages in a circle": pages_in_a_circle(),
}
