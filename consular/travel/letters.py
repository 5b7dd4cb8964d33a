"""Tables of letters: what stands for them in a machine-readable zone (ICAO Doc 9303 part 3, section 6).

The first way is the one proposed, the others are accepted when names are compared. `ALSO` has what issuers write
besides the standard's tables; Greek and some letters of Africa and Central Asia are not in the standard at all.
"""

from collections.abc import Mapping
from types import MappingProxyType

Ways = tuple[str, ...]


def _table(text: str) -> Mapping[str, Ways]:
    """A table out of "letter way|way" entries; "-" is a letter that is left out."""
    rows = (entry.split("=") for entry in text.split())
    return MappingProxyType(
        {letter: tuple("" if way == "-" else way for way in ways.split("|")) for letter, ways in rows}
    )


LATIN = _table(
    "Ä=AE|A Å=AA|A Æ=AE Ð=D Ñ=N|NXX Ö=OE|O Ø=OE|O Ü=UE|U|UXX Þ=TH ẞ=SS ß=SS Đ=D Ħ=H ı=I Ĳ=IJ Ŀ=L Ł=L Ŋ=N Œ=OE Ŧ=T"
    " Ə=A|E Ɓ=B Ɖ=D Ɗ=D Ɛ=E Ƒ=F Ɣ=G Ƙ=K Ɔ=O Ʋ=V Ƴ=Y"
)
"""Section 6 A; any other letter with marks is written without them."""

CYRILLIC = _table(
    "А=A Б=B В=V Г=G Д=D Е=E Ё=E Ж=ZH З=Z И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH"
    " Щ=SHCH Ъ=IE Ы=Y Ь=- Э=E Ю=IU Я=IA Ђ=D Ћ=C Ѓ=G Є=IE Ѕ=DZ І=I Ї=I Ј=J Љ=LJ Њ=NJ Ќ=K Ў=U Џ=DZ Ѫ=U Ѵ=Y Ґ=G Ғ=G Һ=C|H"
    " Ә=A Қ=K Ң=N|NG Ө=O|U Ұ=U Ү=U Ҷ=J|CH Ҳ=H Ӣ=I Ӯ=U Ҡ=K Ҙ=Z Ҫ=S Җ=J|ZH Ѐ=E Ѝ=I Ӏ=-"
)
"""Section 6 B; from Ә on letters of other languages, as their states write them."""

NATIONAL: Mapping[str, Mapping[str, Ways]] = MappingProxyType(
    {
        "BLR": _table("Ё=IO Г=H"),
        "UKR": _table("Г=H И=Y"),
        "BGR": _table("Щ=SHT"),
        "SRB": _table("Ж=Z Х=H Ц=C Ч=C Ш=S Г=G|H"),
        "MNE": _table("Ж=Z Х=H Ц=C Ч=C Ш=S Г=G|H"),
        "BIH": _table("Ж=Z Х=H Ц=C Ч=C Ш=S Г=G|H"),
        "MKD": _table("Х=H Ц=C Ѓ=GJ Ғ=GJ Ќ=KJ Џ=DJ"),
        "TUR": _table("Ö=O|OE Ü=U|UE"),
        "ESP": _table("Ü=U|UE"),
    }
)
"""National differences, by the state that issues the document.

The standard's table has H for the Serbian Г; Serbia itself writes G, so that is proposed and H accepted. Turkey and
Spain write Ö and Ü without the E.
"""

FIRST: Mapping[str, Mapping[str, Ways]] = MappingProxyType(
    {"UKR": _table("Є=YE|IE Ї=YI|I Й=Y|I Ю=YU|IU Я=YA|IA")}
)
"""At the beginning of a word."""

ARABIC = _table(
    "ء=XE آ=XAA أ=XAE ؤ=U إ=I ئ=XI ا=A ب=B ة=XTA|XAH ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS ض=XDZ"
    " ط=XTT ظ=XZZ ع=E غ=G ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y ٱ=XXA ٹ=XXT ټ=XRT پ=P ځ=XKE څ=XXH چ=XC ڈ=XXD ډ=XDR"
    " ڑ=XXR ړ=XRR ږ=XRX ژ=XJ ښ=XXS ڤ=XV|V ڥ=XF ک=XKK گ=XGG ګ=XXK ڭ=XNG ں=XNN ڼ=XXN ھ=XDO ۀ=XYH ہ=XXG ۂ=XGE ۃ=XTG ی=XYA"
    " ۍ=XXY ې=Y ے=XYB ۓ=XBE"
)
"""Section 6 C: one way for each letter, so that it can be read back. Most issuers print a Latin spelling
instead."""

ARABIC_LEFT_OUT = frozenset("\u0640\u069c\u06a2\u06a7\u06a8") | {chr(code) for code in range(0x064B, 0x0651)}
SHADDA = "\u0651"
TEH_MARBUTA = "ة"
ARTICLE = ("ا", "ل")

GREEK = _table(
    "Α=A Β=V|B Γ=G Δ=D Ε=E Ζ=Z Η=I Θ=TH Ι=I Κ=K Λ=L Μ=M Ν=N Ξ=X Ο=O Π=P Ρ=R Σ=S Τ=T Υ=Y|I Φ=F|PH Χ=CH|H Ψ=PS Ω=O"
    ""
)
"""Not in Doc 9303; after ELOT 743, as Greece writes names."""

PAIRS = _table(
    "ΟΥ=OU|U ΑΥ=AV|AF|AY ΕΥ=EV|EF|EY ΜΠ=B|MP ΝΤ=NT|D ΓΓ=NG ΓΚ=GK|G ΓΞ=NX ΓΧ=NCH"
    " КС=KS|X ИЙ=II|IY|IJ|Y|I|YI|YY ИЯ=IIA|IYA|IJA|IA|YA"
)
"""Two letters that are read together."""

ALSO = _table(
    "Г=H|GH Е=YE|IE|JE Ё=IO|YO|JO Ж=J|Z З=S И=Y Й=Y|J|- Х=H|X|CH Ц=C|TZ Ч=C|TCH Ш=S Щ=SHT|SCH Ъ=A|- Ы=I Ь=Y|J Ю=YU|JU|U"
    " Я=YA|JA В=W У=OU Є=YE|JE|E Ї=YI|JI І=Y Ђ=DJ Ћ=CH|TCH Џ=DJ Ў=W|V|O Ө=OE Ә=AE|E Қ=Q Ғ=GH Ң=GN Љ=L|LY Њ=N|NY"
)
"""Other Latin spellings of Cyrillic letters in documents: earlier national rules, French and English ones."""

SOUNDS = _table(
    "ء=-|A|E آ=A|AA أ=A|E|O|U|I ؤ=O|U|OU إ=I|E|A ئ=I|E|Y|- ا=A|E|AA|I|O|U|- ب=B ة=A|AH|EH|E|AT|H|T|-"
    " ت=T ث=TH|S|T ج=J|G|DJ|DZH ح=H خ=KH|H|K|CH د=D|T ذ=DH|TH|Z|D ر=R ز=Z|S س=S|C|SS ش=SH|CH|S|SCH ص=S|SS ض=D|DH|Z|DZ"
    " ط=T ظ=Z|DH|TH|D ع=-|A|AA|E|I|O|U غ=GH|G ف=F|PH ق=Q|K|G|GU|C ك=K|C ل=L م=M ن=N ه=H|-"
    " و=W|O|OU|U|OO|V|AW|AU ى=A|Y|E|I ي=Y|I|EE|E|AI|AY|EI|IY"
    " ٱ=A|- پ=P چ=CH|TCH ژ=ZH|J ڤ=V ک=K|C گ=G|GU ی=Y|I|EE|A|E|AI|AY|EI ہ=H|A|AH|- ے=E|AY|AI|I ھ=H ں=N ٹ=T ڈ=D ڑ=R|D"
)
"""How Latin spellings in documents render Arabic letters; short vowels between them are not written in Arabic."""

VOWELS = "AEIOUY"
