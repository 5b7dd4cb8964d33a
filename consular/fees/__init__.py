"""What a service costs, what one has to bring and how long it takes, from the decision tables of its folder.

fees.due(folder, facts, on)          the fee for these facts on the day of lodging
fees.by_age(folder, facts, on)       the same for every age, for those who have not told theirs
fees.documents(folder, facts, on)    the checklist
fees.duration(folder, facts, on)     calendar days until a decision
"""

from consular.fees.checklist import Document, Duration, documents, duration
from consular.fees.tables import TableFailed
from consular.fees.tariff import Band, Fee, by_age, due

__all__ = [
    "Band",
    "Document",
    "Duration",
    "Fee",
    "TableFailed",
    "by_age",
    "documents",
    "due",
    "duration",
]
