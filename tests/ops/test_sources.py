"""Where sentences are found."""

from pathlib import Path

import pytest

from consular.ops import sources
from consular.ops.sources import Found

BPMN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process name="Schengen visa">
    <userTask name="Check
      completeness"/>
    <exclusiveGateway name="complete?"/>
    <sequenceFlow name="yes"/>
    <endEvent/>
  </process>
</definitions>"""
DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision><decisionTable>
  <output name="amount"/><output name="fee_label"/><output name="name"/>
  <rule><inputEntry><text>"IN"</text></inputEntry>
    <outputEntry><text>"90"</text></outputEntry><outputEntry><text>"Visa fee"</text></outputEntry>
    <outputEntry><text>"Registrar"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('_("Sign in")', [("Sign in", "", "")]),
        ('gettext_lazy("Sign in")', [("Sign in", "", "")]),
        ('gettext("Sign "\n    "in")', [("Sign in", "", "")]),
        ('pgettext_lazy("nationality", "Stateless")', [("Stateless", "", "nationality")]),
        ('ngettext("%(n)s day", "%(n)s days", n)', [("%(n)s day", "%(n)s days", "")]),
        ("_(label)", []),
        ('print("Sign in")', []),
    ],
)
def test_python_gives_the_messages_of_gettext_calls(source, expected):
    assert [
        (found.text, found.plural, found.context) for found in sources.in_python(source, "a.py")
    ] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p class="a">{% translate "It\'s done" %}</p>', [("It's done", "", "")]),
        (
            "  {% blocktranslate trimmed %}\n    One\n    two.\n  {% endblocktranslate %}",
            [("One two.", "", "")],
        ),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", [("Hello %(name)s", "", "")]),
        (
            "{% blocktranslate count n=total %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [("%(n)s day", "%(n)s days", "")],
        ),
        ('{% translate "May" context "month" %}', [("May", "", "month")]),
        ('{% include "a.html" with label=_("Back") %}', [("Back", "", "")]),
        ('{# {% translate "never" %} #}{% comment %}{% translate "never" %}{% endcomment %}', []),
        (
            '    {% translate "deep" %}\n\t{% translate "odd" %}\n  text "with quotes\'',
            [("deep", "", ""), ("odd", "", "")],
        ),
    ],
)
def test_templates_give_the_messages_of_their_tags(source, expected):
    assert [
        (found.text, found.plural, found.context) for found in sources.in_template(source, "a.html")
    ] == expected


def test_forms_give_the_texts_of_named_keys_at_any_depth_with_their_line():
    source = (
        'title = "Visa"\n[[pages]]\nid = "Visa page"\n[[pages.questions]]\nlabel = "Surname"\nkind = "x"\n'
    )
    assert list(sources.in_toml(source, "form.toml", {"title", "label"})) == [
        Found("Visa", "form.toml", 1),
        Found("Surname", "form.toml", 5),
    ]


def test_processes_give_names_that_people_see_on_one_line():
    assert [found.text for found in sources.in_bpmn(BPMN, "p.bpmn")] == [
        "Schengen visa",
        "Check completeness",
        "complete?",
        "yes",
    ]


def test_decision_tables_give_only_the_outputs_meant_for_people():
    assert [found.text for found in sources.in_dmn(DMN, "fees.dmn")] == ["Visa fee", "Registrar"]


def test_the_project_itself_has_messages_from_every_kind_of_source():
    base = Path(__file__).parent.parent.parent
    endings = {Path(found.file).suffix for found in sources.found(base)}
    assert {".py", ".html", ".toml"} <= endings
