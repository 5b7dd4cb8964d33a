"""What missions say of themselves in letters: on the day of the letter, in a language they wrote."""

from datetime import timedelta

import pytest

from consular.missions.models import Detail
from tests.decisions import letters
from tests.decisions.writing import DAY, case_of, written

pytestmark = pytest.mark.django_db


def test_a_mission_says_besides_when_it_is_open_and_how_to_collect_in_the_language_it_wrote() -> None:
    case = case_of("ar")
    rows = (
        ("hours", DAY, {"en": "Monday to Friday, 9 to 12", "ar": "من الاثنين إلى الجمعة"}),
        ("hours", DAY + timedelta(days=1), {"en": "From tomorrow on"}),
        ("collect", DAY - timedelta(days=9), {"de": "Mit Quittung.\u202e"}),
        (f"text.{case.service}", DAY, {}),
    )
    Detail.objects.bulk_create(
        Detail(mission=case.mission, name=name, valid_from=day, value=value) for name, day, value in rows
    )

    arabic = written("L10", case, letters.GRANT).versions[0]

    said = [(block.language, block.text, block.direction) for block in arabic.blocks]
    assert said == [("de", "Mit Quittung.", "ltr"), ("ar", "من الاثنين إلى الجمعة", "rtl")]
    assert [block.text for block in written("L02", case_of("fr")).versions[0].blocks] == []
    assert written("L14.loss", case).versions[0].blocks == ()
