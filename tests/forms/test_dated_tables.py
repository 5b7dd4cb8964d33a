"""Law changes on a day: every delivered table knows the day it is asked for, so that a change is a row with dates."""

from consular import formspec
from consular.rules.dmn.model import Decision, Table
from tests import rows

FILES = [(folder.service, name) for folder in formspec.versions() for name in sorted(folder.tables)]


@rows.every("service, name", FILES)
def test_every_table_asks_for_the_day(service: str, name: str) -> None:
    parts = formspec.latest(service).tables[name].file.parts.values()
    tables = [part.logic for part in parts if isinstance(part, Decision) and isinstance(part.logic, Table)]

    assert all("on" in [column.expression.text for column in table.inputs] for table in tables)
