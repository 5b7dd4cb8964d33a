"""Groups of questions on a page: as many entries as wanted, empty ones left out."""

import pytest

from consular import formspec
from tests.formspec import forms

GROUP = """
[[pages.questions]]
id = "children"
kind = "group"
label = "Child"
required = false
repeat = 3

[[pages.questions.questions]]
id = "child"
kind = "name"
label = "Name"

[[pages.questions.questions]]
id = "born"
kind = "date"
label = "Born"
required = false
"""


def test_a_group_shows_its_entries_and_offers_another_one():
    form = formspec.django_form(forms.page(GROUP), {"children": [{"child": "Ann", "born": "2020-01-05"}]})
    assert [entry.heading for entry in form.parts[0].group.entries] == ["Child, no. 1"]
    assert form.parts[0].group.adds == "children"
    more = formspec.django_form(forms.page(GROUP), {}, {**forms.posted(form).dict(), "add": "children"})
    assert [entry.heading for entry in more.parts[0].group.entries] == ["Child, no. 1", "Child, no. 2"]
    assert more["children-0-child"].value() == "Ann"


def test_a_group_keeps_full_entries_and_drops_empty_ones():
    typed = {
        "children-count": "3",
        "children-0-child": "Ann",
        "children-2-child": "Bob",
        "children-2-born_year": "20",
    }
    form = formspec.django_form(forms.page(GROUP), {}, typed)
    assert list(form.errors) == ["children-2-born"]
    typed |= {"children-2-born_day": "1", "children-2-born_month": "2", "children-2-born_year": "2020"}
    form = formspec.django_form(forms.page(GROUP), {}, typed)
    assert form.is_valid()
    assert form.answers() == {"children": [{"child": "Ann"}, {"child": "Bob", "born": "2020-02-01"}]}


def test_within_an_entry_the_areas_are_those_of_its_country():
    places = """
[[pages.questions]]
id = "stays"
kind = "group"
label = "Stay"
repeat = 2

[[pages.questions.questions]]
id = "country"
kind = "country"
label = "Country"

[[pages.questions.questions]]
id = "area"
kind = "area"
label = "Area"
country = "country"
"""
    stays = [{"country": "IND", "area": "IN-MH"}, {"country": "USA", "area": "US-TX"}]
    form = formspec.django_form(forms.page(places), {"stays": stays})
    assert '<option value="IN-MH" selected>' in str(form["stays-0-area"])
    assert '<option value="US-TX" selected>' in str(form["stays-1-area"])
    assert formspec.django_form(forms.page(places), {}, forms.posted(form)).answers() == {"stays": stays}


@pytest.mark.parametrize("count", ["", "-1", "x", "99999", "²", "4"])
def test_a_forged_number_of_entries_does_no_harm(count):
    form = formspec.django_form(forms.page(GROUP), {}, {"children-count": count})
    assert 1 <= len(form.parts[0].group.entries) <= 3
