"""HTML to PDF/A-3a that is also PDF/UA-1. The only module that knows WeasyPrint.

A letter is made from what people typed, so the renderer fetches nothing: no file, no address, no `data:`.
"""

import atexit
import os
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pydyf  # type: ignore[import-untyped]
import uharfbuzz

from consular.decisions import spelling

FONTS = Path(__file__).parent / "fonts"

FACTS = "letter.json"
"""The file in each letter that says the same for machines."""

ARABIC = "Vazirmatn"
"""The family of ours that carries the Arabic script."""

_UA_NAMESPACE = "http://www.aiim.org/pdfua/ns/id/"
_UA_PART = f"""<rdf:Description xmlns:pdfuaid="{_UA_NAMESPACE}" rdf:about="" pdfuaid:part="1" />
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
  rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_UA_NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>""".encode()
"""PDF/UA-1 mark (ISO 14289-1, 5), and its description, which PDF/A wants for a schema it does not know."""

_DROPPED_TABLES = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")


@dataclass(frozen=True)
class _Renderer:
    """What is loaded once per process: 0.4 s and 60 MB that only workers pay."""

    html: Any
    metadata: Any
    fonts: Any
    fetcher: Any
    attachment: Any


def render(html: str, *, facts: bytes = b"") -> bytes:
    """The PDF of one complete HTML page that has `lang` and a title, with `facts` (JSON) as a file inside.

    PDF/A-3a and PDF/UA-1 in one file, tagged, fonts embedded. Raises ValueError when language or title is
    missing, because such a file would be neither.
    """
    renderer = _renderer()
    document = renderer.html(string=html, url_fetcher=renderer.fetcher).render(font_config=renderer.fonts)
    if not (document.metadata.title and document.metadata.lang):
        raise ValueError("a letter needs a title and a language")
    document.metadata = renderer.metadata(**vars(document.metadata))
    inside = [renderer.attachment(string=facts, name=FACTS, relationship="Data")] if facts else []
    content = document.write_pdf(pdf_variant="pdf/a-3a", finisher=_mark_languages, attachments=inside)
    assert isinstance(content, bytes)  # noqa: S101
    return content


@cache
def _renderer() -> _Renderer:
    """WeasyPrint with our fonts, our subsetting and no network.

    It is imported here and not at the top: it reads FONTCONFIG_FILE while it is loaded, and the web processes
    that never render a letter shall not carry it.
    """
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # about the library that _subset stands in for
        import weasyprint  # noqa: PLC0415
        import weasyprint.pdf.fonts  # noqa: PLC0415
        import weasyprint.pdf.metadata  # noqa: PLC0415
        import weasyprint.pdf.stream  # noqa: PLC0415
        import weasyprint.text.fonts  # noqa: PLC0415
        import weasyprint.urls  # noqa: PLC0415

    class DenyAll(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        """Fetches nothing; the letter is complete in itself."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            raise ValueError("letters fetch nothing")

    class Metadata(weasyprint.pdf.metadata.DocumentMetadata):  # type: ignore[misc]
        """XMP that names PDF/UA-1 in the same rdf:RDF as PDF/A; a second one would not count."""

        def generate_rdf_metadata(self, *args: Any) -> bytes:
            xml: bytes = super().generate_rdf_metadata(*args)
            return xml.replace(b"</rdf:RDF>", _UA_PART)

    weasyprint.pdf.stream.Font = _spelled(weasyprint.pdf.fonts.Font)
    atexit.register(_renderer.cache_clear)  # fonts are given back while there is still somebody to take them
    if weasyprint.pdf.fonts.harfbuzz_subset is None:
        weasyprint.pdf.fonts.Font.subset = _subset
    fonts = weasyprint.text.fonts.FontConfiguration()
    return _Renderer(weasyprint.HTML, Metadata, fonts, DenyAll(), weasyprint.Attachment)


def _spelled(printers: Any) -> Any:
    """The printer's class of fonts, but Arabic glyphs mean what the font says they do (PDF/UA-1, 7.21.7)."""

    class Font(printers):  # type: ignore[misc]
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            if self.family == ARABIC:
                self.to_unicode = spelling.Texts(spelling.glyphs(self.file_content))

    return Font


def _mark_languages(document: Any, file: Any) -> None:
    """Name the language of each section in the structure tree (PDF/UA-1, 7.2), which the renderer leaves out.

    A section begins on a page of its own, so all that is on one page is in one language.
    """
    pages = [_language(page) for page in document.pages]
    for element in file.objects:
        if isinstance(element, dict) and element.get("S") == "/Sect":
            element["Lang"] = pydyf.String(pages[file.page_references.index(element["Pg"])])


def _language(page: Any) -> str:
    """The language of the section that is on a page."""
    found = (box.element.get("lang") for box in page._page_box.descendants() if box.element_tag == "section")
    return next(found, None) or ""


def _subset(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Keep only the used glyphs of an embedded font, in place.

    Stands in for libharfbuzz-subset, which plain Debian lacks: the wheel carries it. Without either a letter
    takes one to two seconds.
    """
    if not to_unicode:
        return
    face = uharfbuzz.Face(uharfbuzz.Blob(font.file_content), font.index)
    kept = _subset_face(face, set(to_unicode), uharfbuzz.SubsetFlags.RETAIN_GIDS, font)
    tail = uharfbuzz.SubsetFlags(0) if hinting else uharfbuzz.SubsetFlags.NO_HINTING
    font.file_content = _subset_face(kept, set(range(max(to_unicode) + 1)), tail, font).blob.data


def _subset_face(face: Any, glyphs: set[int], flags: Any, font: Any) -> Any:
    """One pass of subsetting: first empty the unused glyphs, then cut off the empty ones at the end."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(_tag(name) for name in _DROPPED_TABLES)
    flags |= uharfbuzz.SubsetFlags.PASSTHROUGH_UNRECOGNIZED | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    if font.missing:
        flags |= uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    wanted.flags = flags
    return uharfbuzz.subset(face, wanted)


def _tag(name: str) -> int:
    """An OpenType table tag as the number the library counts with."""
    return int.from_bytes(name.encode(), "big")
