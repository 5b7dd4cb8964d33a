"""Answers and what is compared with them: seeded mistakes are found in forms, tables and processes."""

from consular import formspec
from consular.formspec import loading, sorting
from consular.rules import dmn
from consular.rules.feel.sorts import ContextOf, ListOf
from consular.workflow import check
from consular.workflow.compile import compile
from tests.formspec import forms
from tests.workflow import bpmn

QUESTIONS = """
[[pages.questions]]
id = "grounds"
kind = "choices"
label = "Grounds"
routes = true
options = [{ value = "1", label = "One" }, { value = "17", label = "Seventeen" }]

[[pages.questions]]
id = "days"
kind = "number"
label = "Days"
routes = true

[[pages.questions]]
id = "born"
kind = "date"
label = "Born"

[[pages.questions]]
id = "sure"
kind = "yes_no"
label = "Sure"
required = false
show_when = '%s'
"""
FORM = forms.form(QUESTIONS % "days > 3")
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="t" namespace="t">
  <inputData id="i1" name="{name}"><variable name="{name}" typeRef="{type}"/></inputData>
  <decision id="d" name="d"><variable name="d"/>
    <informationRequirement id="r"><requiredInput href="#i1"/></informationRequirement>
    <decisionTable id="t1" hitPolicy="FIRST">
      <input id="c1"><inputExpression typeRef="{type}"><text>{name}</text></inputExpression></input>
      <output id="o1" name="d"/>
      <rule id="r1">
        <inputEntry id="e1"><text>{cell}</text></inputEntry><outputEntry id="x1"><text>1</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>"""


def of_table(name: str, type: str, cell: str, stem: str = "fees", process: bytes = b"") -> int:
    table = dmn.load(TABLE.format(name=name, type=type, cell=cell).encode())
    return len(sorting.mistakes(FORM, {stem: table}, process))


def test_conditions_that_compare_a_list_of_texts_with_a_number_are_found() -> None:
    head = 'title = "Test"\nservice_group = "visa_c"\n[[pages]]\nid = "about"\ntitle = "About"\n'
    found = loading.findings(head + QUESTIONS % 'some one in grounds satisfies one = 17 or one = "1"')

    assert ["string is compared with number" in each.message for each in found] == [True]
    assert loading.findings(head + QUESTIONS % 'some one in grounds satisfies one = "17" or one = "1"') == []


def test_inputs_and_cells_of_tables_fit_the_answers_as_they_are_kept() -> None:
    assert of_table("grounds", "Any", "some one in ? satisfies one = 17") == 1
    assert of_table("grounds", "Any", 'some one in ? satisfies one = "17"') == 0
    assert of_table("days", "number", "&gt; 3") == 1  # kept as text
    assert of_table("days", "string", "number(?) &gt; 3") == 0
    assert of_table("days", "string", "&gt; 3") == 1
    assert of_table("born", "date", "-", stem="other") == 0  # who asks it makes a date of it
    assert of_table("born", "date", "-", stem="other", process=b'<x decisionId="d"/>') == 1
    assert of_table("nobody", "number", "&gt; 3") == 0


def test_a_process_sees_the_answers_as_they_are_kept() -> None:
    known = check.Known(variables=formspec.routed_sorts(FORM))
    assert known.variables == {"grounds": ListOf("string"), "days": "string"}

    def codes(condition: str) -> set[tuple[str, str]]:
        parts = (
            bpmn.start(), bpmn.exclusive("which", "which-b"), bpmn.end("a"), bpmn.end("b"),
            bpmn.path("start", "which", "b"), bpmn.flow("which", "a", condition),
        )  # fmt: skip
        return {(each.code, each.node) for each in check.check(compile(bpmn.process(*parts)), known)}

    assert codes("days > 3") == {("sorts", "which")}
    assert codes("number(days) > 3") == set()


def test_entries_of_groups_are_known_by_their_questions() -> None:
    group = next(each for each in formspec.latest("schengen_visa").form.questions if each.id == "guardians")

    sort = sorting.read(group)

    assert isinstance(sort, ListOf)
    assert isinstance(sort.item, ContextOf)
    assert set(sort.item.entries) == {inner.id for inner in group.questions}
