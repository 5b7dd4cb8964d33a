"""Travel documents and stays: machine-readable zones, transliteration, 90 days in 180; pure, without a database.

`mrz.read(text, today)` and `mrz.write(fields)`; `agreement.check(reading, answers)` compares with what somebody
answered; `transliteration.spell(name, state)` and `comparing.compare(name, in_zone)` for names in any script;
`stays` counts days.
"""

from consular.travel import agreement, comparing, mrz, stays, transliteration

__all__ = ["agreement", "comparing", "mrz", "stays", "transliteration"]
