"""How much one expression may ask for; generous for rules, far too little for an attack."""

TEXT = 20_000
"""Characters of one expression."""

DEPTH = 40
"""Levels of nesting of one expression."""

TREE = 150
"""Levels of one syntax tree; longer than DEPTH because `a.b.c` nests without brackets."""

STEPS = 100_000
"""What one expression or decision may cost: about one for every node evaluated again, item or 64 characters handled."""

CALLS = 40
"""Functions calling functions."""

ITEMS = 50_000
"""Entries of one list."""

STRING = 100_000
"""Characters of one computed string."""

FILE = 2_000_000
"""Bytes of one decision file."""

ELEMENTS = 40_000
"""XML elements of one decision file; a table of 1,000 rules with 8 columns has 18,000."""

TEXTS = 400_000
"""Characters of all texts of one decision file, spaces between elements included."""

MONTHS = 10**13
"""Months of one duration."""

CHECK = 1_000_000
"""Pairs of values and cells looked at by the check of one table."""

PATTERN = 500
"""Characters of one regular expression."""
