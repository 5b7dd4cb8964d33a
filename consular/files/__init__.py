"""Files of strangers: known by what is in them, scanned for viruses, drawn anew in a child that can do little else.

identify(head)                   what a file is by its first bytes: "pdf", "jpeg", "png", or None
tidy(name)                       a file's name as it may be shown; it is never used as a path
clamd.scan(content, address)     the name of the virus that was found, or None
leaf(content, kind, number)      one page of such a copy as a picture
rerender(pieces, as_photo=…)     a copy of pixels: no scripts, no attachments, no metadata, nothing of the original

Nothing here knows a case, a database or Django.
"""

from consular.files.kinds import identify
from consular.files.leafing import Leaf, leaf
from consular.files.limits import LARGEST_FILE
from consular.files.names import tidy
from consular.files.rendering import Copy, RendererFailed, Unfit, rerender

__all__ = ["LARGEST_FILE", "Copy", "Leaf", "RendererFailed", "Unfit", "identify", "leaf", "rerender", "tidy"]
