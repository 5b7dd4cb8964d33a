"""How much one expression may ask for; generous for rules, far too little for an attack."""

TEXT = 20_000
"""Characters of one expression."""

DEPTH = 40
"""Levels of nesting of one expression."""

TREE = 150
"""Levels of one syntax tree; longer than DEPTH because `a.b.c` nests without brackets."""

STEPS = 200_000
"""Nodes evaluated for one expression or decision."""

CALLS = 40
"""Functions calling functions."""

ITEMS = 50_000
"""Entries of one list."""

STRING = 100_000
"""Characters of one computed string."""

FILE = 2_000_000
"""Bytes of one decision file."""

PATTERN = 500
"""Characters of one regular expression."""
