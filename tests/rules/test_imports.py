"""Decision files that import others: names, types, inputs, and what stays out of reach."""

from pathlib import Path

import pytest

from consular import rules
from consular.rules import check, dmn
from tests.rules.files import data, decision, file, knowledge, literal, table

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def importing(name: str, space: str, *parts: str, location: str = "") -> bytes:
    """A decision file of the namespace `main` that imports another."""
    place = f' locationURI="{location}"' if location else ""
    source = f'<import name="{name}" namespace="{space}"{place} importType="{DMN}"/>'
    return file(source, *parts).replace(b'namespace="test"', b'namespace="main"')


def imported(space: str, *parts: str) -> bytes:
    return file(*parts).replace(b'namespace="test"', f'namespace="{space}"'.encode())


def elsewhere(kind: str, href: str) -> str:
    word = "knowledgeRequirement" if kind == "requiredKnowledge" else "informationRequirement"
    return f'<{word}><{kind} href="{href}"/></{word}>'


def deciding(name: str, logic: str, *requirements: str, kind: str = "") -> str:
    made = decision(name, logic, kind=kind)
    return made.replace("/><literal", f"/>{''.join(requirements)}<literal", 1)


GREETING = knowledge("say hello", "Person", literal('"Hello " + Person'))
TYPE = (
    '<itemDefinition name="tPerson"><itemComponent name="first name"><typeRef>string</typeRef></itemComponent>'
    "</itemDefinition>"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hello.dmn").write_bytes(
        imported("hello", TYPE, GREETING.replace('id="say hello"', 'id="say"'))
    )
    return tmp_path


def loaded(folder: Path, xml: bytes) -> dmn.Definitions:
    (folder / "main.dmn").write_bytes(xml)
    return dmn.load_file(folder / "main.dmn")


@pytest.mark.parametrize("location", ["", "hello.dmn", "./hello.dmn", "http://far.away/hello.dmn"])
def test_an_imported_knowledge_model_is_called_by_the_name_of_its_import(folder: Path, location: str) -> None:
    logic = literal('other.say hello("Ann") + other.say hello(Person: "!")')
    xml = importing(
        "other", "hello", deciding("d", logic, elsewhere("requiredKnowledge", "hello#say")), location=location
    )
    assert loaded(folder, xml).decide("d", {}).value == "Hello AnnHello !"
    assert check.check_file(folder / "main.dmn") == ()


def test_an_imported_type_is_referred_to_by_the_name_of_its_import(folder: Path) -> None:
    logic = literal("[p.first name, p instance of other.tPerson, 1 instance of other.tPerson]")
    xml = importing(
        "other", "hello", data("p", "other.tPerson"), deciding("d", logic, elsewhere("requiredInput", "#p"))
    )
    definitions = loaded(folder, xml)
    assert definitions.decide("d", {"p": {"first name": "Ann"}}).value == ["Ann", True, False]
    assert definitions.decide("d", {"p": {"first name": 5}}).value == [None, False, False]


@pytest.mark.parametrize("name", ["other", "an other", "other.file", "other's-file"])
def test_a_type_is_what_the_file_says_in_which_it_is_named(tmp_path: Path, name: str) -> None:
    """Two files call different things by one name; each goes by its own, also where the other one calls."""
    kind = '<itemDefinition name="t"><typeRef>{}</typeRef></itemDefinition>'
    near, far = kind.format("string"), kind.format("number")
    makes = knowledge("make", "", literal("function(x: t) [x, x instance of t]"))
    (tmp_path / "other.dmn").write_bytes(imported("other", far, makes))
    text = f'[{name}.make()(1), {name}.make()("a"), 1 instance of t, 1 instance of {name}.t]'
    xml = importing(
        name, "other", near, deciding("d", literal(text), elsewhere("requiredKnowledge", "other#make"))
    )
    expected = [[1, True], [None, False], False, True]
    assert loaded(tmp_path, xml).decide("d", {}).value == expected


def test_an_import_by_file_name_is_found_among_any_number_of_files(folder: Path) -> None:
    for number in range(201):
        (folder / f"a{number}.dmn").touch()
    xml = importing(
        "other",
        "hello",
        deciding("d", literal('other.say hello("Ann")'), elsewhere("requiredKnowledge", "hello#say")),
        location="hello.dmn",
    )
    assert loaded(folder, xml).decide("d", {}).value == "Hello Ann"


def test_what_an_import_without_a_name_holds_is_seen_as_if_it_were_here(folder: Path) -> None:
    requirement = elsewhere("requiredKnowledge", "hello#say")
    xml = importing(
        "", "hello", data("p", "tPerson"), deciding("d", literal('say hello("Ann")'), requirement)
    )
    definitions = loaded(folder, xml)
    assert definitions.decide("d", {}).value == "Hello Ann"
    assert definitions.decide("d", {"p": 5}).value == "Hello Ann"


def test_a_reference_with_the_namespace_of_the_file_itself_stays_in_it() -> None:
    xml = imported("here", data("x"), deciding("d", literal("x + 1"), elsewhere("requiredInput", "here#x")))
    assert dmn.load(xml).decide("d", {"x": 1}).value == 2


def test_the_inputs_of_imported_files_are_handed_in_under_the_names_of_the_imports(tmp_path: Path) -> None:
    """Two files import a third; each path to it has inputs of its own."""
    (tmp_path / "a.dmn").write_bytes(
        imported("a", data("Name"), decision("g", literal('"Hello, " + Name'), "Name"))
    )
    for space in ("b", "c"):
        logic = literal(f'modelA.g + " from {space}"')
        xml = importing("modelA", "a", deciding("e", logic, elsewhere("requiredDecision", "a#g")))
        (tmp_path / f"{space}.dmn").write_bytes(
            xml.replace(b'namespace="main"', f'namespace="{space}"'.encode())
        )
    second = (
        '<import name="Model C" namespace="c" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    )
    needs = elsewhere("requiredDecision", "b#e"), elsewhere("requiredDecision", "c#e")
    xml = importing("Model B", "b", second, deciding("d", literal('Model B.e + ", " + Model C.e'), *needs))
    definitions = loaded(tmp_path, xml)
    context = {"Model B": {"modelA": {"Name": "Ann"}}, "Model C": {"modelA": {"Name": "Bob"}}}
    assert definitions.decide("d", context).value == "Hello, Ann from b, Hello, Bob from c"
    assert definitions.decide("d", {"Name": "Eve"}).value == "Hello, Eve from b, Hello, Eve from c"


def test_the_rules_of_an_imported_table_are_reported(tmp_path: Path) -> None:
    part = decision("band", table("FIRST", "x", "o", '< 5 | "low"', '- | "high"'), "x")
    (tmp_path / "a.dmn").write_bytes(imported("a", data("x"), part))
    xml = importing("a", "a", deciding("d", literal("a.band"), elsewhere("requiredDecision", "a#band")))
    assert loaded(tmp_path, xml).decide("d", {"a": {"x": 9}}) == dmn.Result("high", ("r2",), ())


def test_an_import_that_nothing_answers_is_a_problem_with_its_name(tmp_path: Path) -> None:
    xml = importing("other", "nowhere", decision("d", literal("1")))
    with pytest.raises(rules.SyntaxProblem, match="import other: no file for nowhere"):
        loaded(tmp_path, xml)
    assert dmn.load_file(tmp_path / "main.dmn", lenient=True).decide("d", {}).value == 1
    assert [finding.code for finding in check.check_file(tmp_path / "main.dmn")] == ["syntax"]


@pytest.mark.parametrize("location", ["../secret.dmn", "{folder}/secret.dmn", "file://{folder}/secret.dmn"])
def test_an_import_never_leaves_its_folder(tmp_path: Path, location: str) -> None:
    (tmp_path / "secret.dmn").write_bytes(imported("secret", decision("s", literal("1"))))
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.dmn").symlink_to(tmp_path / "secret.dmn")
    xml = importing("other", "secret", decision("d", literal("1")), location=location.format(folder=tmp_path))
    with pytest.raises(rules.SyntaxProblem, match="no file for secret"):
        loaded(inside, xml)


def test_files_that_import_each_other_are_refused(tmp_path: Path) -> None:
    other = importing("a", "main").replace(b'name="test" namespace="main"', b'name="test" namespace="b"')
    (tmp_path / "b.dmn").write_bytes(other)
    xml = importing("b", "b", decision("d", literal("1")))
    with pytest.raises(rules.SyntaxProblem, match="imports itself"):
        loaded(tmp_path, xml)
