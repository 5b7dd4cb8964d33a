"""How large things may be. The limits on the child are kept by the kernel, not by the parsers."""

MEGABYTE = 1024 * 1024

LARGEST_FILE = 10 * MEGABYTE
"""One uploaded file."""
LARGEST_TOGETHER = 30 * MEGABYTE
"""All files that are joined to one document."""
MOST_FILES = 30
"""Files joined to one document: pages taken one by one with a phone."""
MOST_PAGES = 60
"""Pages of the copy: a year of bank statements has fewer."""
MOST_PIXELS = 40_000_000
"""Of one image: telephones take 12 to 24 million by default; a packed PNG can claim a thousand million."""

DPI = 170
"""Dots per inch of a copied page: small print on A4 stays legible, a page takes some 300 kB."""
LONGEST_SIDE = 2600
"""Pixels of the longer side of a page or photographed paper: A4 at 220 dpi, and a poster does not take more."""
QUALITIES = (78, 62, 48, 36)
"""JPEG qualities, tried in turn until a page keeps within its share of the copy."""
LARGEST_COPY = 20 * MEGABYTE
PREVIEW_SIDE = 480

CPU_SECONDS = 20
WALL_SECONDS = 35
"""With the scan before it well below the minute for which a job is leased."""
ADDRESS_SPACE = 640 * MEGABYTE
"""Of the child: about 60 MB of programs, the file, and the largest page with its encoder."""
OUTPUT = LARGEST_COPY + MEGABYTE
