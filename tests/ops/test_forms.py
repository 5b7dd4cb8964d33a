"""`consular forms`: what is wrong with a service is said with file and line, and published versions are locked."""

import json
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consular.formspec import folders

OURS = Path(__file__).resolve().parents[2] / "forms"


@pytest.fixture
def service(tmp_path, settings):
    settings.FORMS_DIR = tmp_path
    shutil.copytree(OURS / "schengen_visa" / "v1", tmp_path / "schengen_visa" / "v1")
    return tmp_path / "schengen_visa" / "v1"


def run(*words):
    out = StringIO()
    call_command("forms", *words, stdout=out)
    return out.getvalue()


def refused(*words):
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("forms", *words, stdout=out)
    return out.getvalue() + str(error.value)


def test_our_folders_are_in_order():
    assert run("check").endswith(", 0 findings.\n")


def test_a_mistake_in_the_form_is_named_with_its_line(service):
    form = service / "form.toml"
    form.write_text(
        form.read_text().replace('show_when = "has_other_nationalities = true"', 'show_when = "sky = 1"')
    )
    line = form.read_text()[: form.read_text().index("sky")].count("\n") + 1
    assert f'form.toml:{line}: the condition uses "sky"' in refused("check")


def changed(file, old, new):
    """Change a file in one place; the line of the change."""
    text = file.read_text()
    file.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_mistakes_in_every_file_are_named_together_with_their_lines(service):
    group = changed(service / "form.toml", '"visa_c"', '"visa"')
    cell = changed(service / "fees.dmn", "<text>90</text>", "<text>ninety</text>")
    changed(service / "documents.dmn", 'id="duration" name="duration"', 'id="time" name="time"')
    said = refused("check")

    assert f"form.toml:{group}: service_group is one of visa_c" in said
    (near,) = re.findall(r"fees.dmn:(\d+): .*'ninety'", said)
    assert cell - 40 < int(near) <= cell
    assert 'documents.dmn:1: the decision "duration" is missing' in said


def test_a_file_that_cannot_be_read_is_named_with_its_line(service):
    line = changed(service / "process.bpmn", "</bpmn:process>", "")
    table = changed(service / "fees.dmn", 'hitPolicy="FIRST"', 'hitPolicy="FRIST"')
    said = refused("check")
    assert f"fees.dmn:{table}: " in said

    shutil.copy(OURS / "schengen_visa" / "v1" / "fees.dmn", service)
    assert int(re.search(r"process.bpmn:(\d+): not well-formed", refused("check"))[1]) >= line

    (service / "process.bpmn").unlink()
    (service / "form.toml").write_bytes(b"# one\n\xff")
    assert "form.toml:2: this is no text in UTF-8" in refused("check")


def test_tables_are_asked_once_as_the_finder_asks_them(service):
    changed(service / "documents.dmn", 'name="label"', 'name="lable"')
    assert "documents.dmn: a row of the answer lacks 'label'" in refused("check").replace(":0", "")


def test_a_form_that_the_process_asks_for_must_be_there(service):
    process = service / "process.bpmn"
    process.write_text(process.read_text().replace('value="lodging"', 'value="loding"'))
    assert "process.bpmn:" in refused("check")


def test_a_published_version_that_was_edited_is_a_finding(service):
    assert run("publish", "schengen_visa", "1") == "schengen_visa v1 is published.\n"
    assert json.loads(run("check", "--json"))["folders"][0]["published"] is True
    with (service / "form.toml").open("a") as file:
        file.write("# a comment\n")
    answer = json.loads(refused("check", "--json").partition("\n")[0].rpartition("}")[0] + "}")
    assert [Path(finding["file"]).name for finding in answer["findings"]] == ["form.toml"]
    assert "differs from the published version" in refused("publish", "schengen_visa", "1")


@pytest.mark.parametrize("words", [("publish", "schengen_visa", "2"), ("publish", "cats", "1")])
def test_only_versions_there_are_can_be_published(service, words):
    assert "There is no version" in refused(*words)


def test_an_edition_is_checked_with_the_form_of_its_version_and_locked_by_itself(service):
    edition = service / "e2"
    edition.mkdir()
    shutil.copy(service / "process.bpmn", edition)
    for table in service.glob("*.dmn"):
        shutil.copy(table, edition)
    assert run("check").startswith("2 folders checked, 0 findings.")

    assert run("publish", "schengen_visa", "1", "--edition", "2") == "schengen_visa v1 e2 is published.\n"
    published = {
        entry["edition"]: entry["published"] for entry in json.loads(run("check", "--json"))["folders"]
    }
    assert published == {1: False, 2: True}

    process = edition / "process.bpmn"
    process.write_text(process.read_text().replace('value="lodging"', 'value="loding"'))
    said = refused("check")
    assert "v1/e2/process.bpmn" in said
    assert "unknown form loding" in said
    assert "differs from the published version" in said


def test_an_edition_without_a_process_is_a_finding(service):
    (service / "e2").mkdir()

    assert "process.bpmn: the file is missing" in refused("check").replace(":0", "")


def test_a_folder_without_a_form_is_checked_offered_to_nobody_and_never_locked(service):
    (service / "form.toml").unlink()
    assert run("check") == "1 folders checked, 0 findings.\n"
    assert [entry["offered"] for entry in json.loads(run("check", "--json"))["folders"]] == [False]
    assert "has no form yet" in refused("publish", "schengen_visa", "1")
    assert not (service / "published.lock").exists()

    process = service / "process.bpmn"
    process.write_text(process.read_text().replace('type="casework.write"', 'type="casework.paint"'))
    assert "unknown service casework.paint" in refused("check")
    (service / "consultation.dmn").write_text("<nonsense/>")
    assert "consultation.dmn" in refused("check")


def test_a_published_version_that_lost_its_form_is_a_finding(service):
    run("publish", "schengen_visa", "1")
    (service / "form.toml").unlink()
    folders._prepared.cache_clear()

    assert "form.toml" in refused("check")
