"""What a service costs, what one has to bring and how long it takes, from the decision tables of its folder.

fees.due(folder, facts, on)          the fee for these facts on the day of lodging
fees.by_age(folder, facts, on)       the same for every age, for those who have not told theirs
fees.known(folder, facts, on)        one or the other, as far as the facts tell it
fees.documents(folder, facts, on)    the checklist
fees.duration(folder, facts, on)     calendar days until a decision
fees.questions(folder)               what else has to be known for all that
fees.asked(folder, facts)            those that still matter once these facts are known
fees.with_derived(folder, facts)     the facts together with what the form derives from them
fees.ages(folder)                    the ages from which it may be different
fees.facts_of(nationality, area)     the first facts of everybody
fees.prices(bands, rate)             fees with local money
fees.rate(currency, on)              what missions take in local money for one euro
fees.rate_of(mission, on)            what this mission takes
"""

from consular.fees.checklist import Document, Duration, documents, duration
from consular.fees.local import EURO, Rate, rate, rate_of
from consular.fees.prices import Price, prices
from consular.fees.situation import ages, asked, questions, with_derived
from consular.fees.tables import TableFailed, facts_of
from consular.fees.tariff import Band, Fee, by_age, due, known

__all__ = [
    "EURO",
    "Band",
    "Document",
    "Duration",
    "Fee",
    "Price",
    "Rate",
    "TableFailed",
    "ages",
    "asked",
    "by_age",
    "documents",
    "due",
    "duration",
    "facts_of",
    "known",
    "prices",
    "questions",
    "rate",
    "rate_of",
    "with_derived",
]
