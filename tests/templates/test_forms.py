"""How a form field is written: label, hint and error belong to the input for everybody who cannot see them together."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string

HOSTILE = '<script>alert("x")</script>'


class Sample(forms.Form):
    """One field of each shape."""

    surname = forms.CharField(label="Surname", help_text="As in your passport.", max_length=20)
    nickname = forms.CharField(label="Nickname", required=False)
    sex = forms.ChoiceField(label="Sex", choices=[("f", "Female"), ("m", "Male")], widget=forms.RadioSelect)
    state = forms.ChoiceField(label="State", choices=[("IN", "India")])
    agreed = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def html(name, data=None):
    """One field as it stands on a page."""
    return Sample(data)[name].as_field_group()


def test_label_hint_and_error_are_tied_to_the_input():
    field = html("surname", {})
    assert '<label class="kern-label" for="id_surname">Surname</label>' in field
    assert 'aria-describedby="id_surname_helptext id_surname_error"' in field
    assert 'aria-invalid="true"' in field
    assert 'id="id_surname_helptext"' in field
    assert 'id="id_surname_error"' in field


def test_only_fields_that_may_stay_empty_say_so():
    assert "(optional)" in html("nickname")
    assert "(optional)" not in html("surname")


def test_choices_are_grouped_under_a_legend_that_the_error_belongs_to():
    field = html("sex", {})
    assert field.count("<fieldset") == 1
    assert re.search(r'<fieldset[^>]*id="id_sex"[^>]*aria-describedby="id_sex_error"', field)
    assert field.count('type="radio"') == field.count("<label") == 2


def test_each_class_attribute_stands_once_per_element():
    page = str(Sample({}))
    assert [tag for tag in re.findall(r"<[a-z][^>]*>", page) if tag.count(" class=") > 1] == []


def test_a_hidden_field_has_no_label_and_no_hint():
    assert html("token").strip() == '<input type="hidden" name="token" id="id_token">'


@pytest.mark.parametrize("name", ["surname", "state", "sex"])
def test_what_was_typed_is_never_read_as_markup(name):
    assert "<script>" not in html(name, {name: HOSTILE})


def test_the_summary_leads_to_every_field_with_an_error():
    form = Sample({"surname": "x" * 30})
    page = render_to_string("components/error_summary.html", {"form": form})
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets == ["id_surname", "id_sex", "id_state", "id_agreed"]
    assert all(f'id="{target}"' in str(form) for target in targets)
    assert 'role="alert"' in page


def test_there_is_no_summary_without_an_error():
    form = Sample({"surname": "A", "sex": "f", "state": "IN", "agreed": "on"})
    assert render_to_string("components/error_summary.html", {"form": form}).strip() == ""


def test_a_refusal_that_belongs_to_no_field_stands_in_the_summary():
    page = render_to_string("components/error_summary.html", {"form": Sample(), "refusal": HOSTILE})
    assert "&lt;script&gt;" in page
