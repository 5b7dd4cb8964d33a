"""Folders, versions and the lock of published versions."""

import pytest

from consular import formspec
from consular.formspec import folders, lock


@pytest.fixture
def service(tmp_path, settings):
    settings.FORMS_DIR = tmp_path
    for version in (1, 2, 10):
        path = tmp_path / "lost_property" / f"v{version}"
        path.mkdir(parents=True)
        (path / "form.toml").write_text(
            f'title = "Version {version}"\nservice_group = "notarial"\n[[pages]]\nid = "p"\ntitle = "P"\n'
            '[[pages.questions]]\nid = "thing"\nkind = "text"\nlabel = "What have you lost?"\n'
        )
    return tmp_path / "lost_property"


def test_the_newest_version_is_the_highest_number(service):
    assert [(folder.service, folder.version) for folder in formspec.services()] == [("lost_property", 10)]
    assert formspec.latest("lost_property").form.title == "Version 10"
    assert formspec.folder("lost_property", 2).form.title == "Version 2"


@pytest.mark.parametrize(("name", "version"), [("lost_property", 3), ("other", 1), ("../lost_property", 1)])
def test_what_is_not_there_is_refused(service, name, version):
    with pytest.raises(formspec.NoSuchService) as refusal:
        formspec.folder(name, version)
    assert refusal.value.status == 404


def test_a_folder_without_a_form_is_a_finding(service):
    (service / "v1" / "form.toml").unlink()
    with pytest.raises(formspec.FolderProblem, match="the file is missing"):
        formspec.folder("lost_property", 1)


def test_a_process_without_a_form_is_being_prepared_and_offered_to_nobody(service):
    for path in (service / "v11", service.parent / "found_property" / "v1"):
        path.mkdir(parents=True)
        (path / "process.bpmn").write_bytes(b"<process/>")
    assert [(folder.service, folder.version) for folder in formspec.services()] == [("lost_property", 10)]
    assert formspec.latest("lost_property").version == 10
    assert [path.parent.name for path in folders.prepared()] == ["found_property", "lost_property"]
    assert folders.load_prepared(service / "v11").process == b"<process/>"
    for name, version in (("lost_property", 11), ("found_property", 1)):
        with pytest.raises(formspec.NoSuchService):
            formspec.folder(name, version)
    with pytest.raises(formspec.NoSuchService):
        formspec.latest("found_property")


def test_a_table_that_cannot_be_read_is_a_finding(service):
    (service / "v1" / "fees.dmn").write_text("<nonsense/>")
    with pytest.raises(formspec.FolderProblem, match=r"fees\.dmn"):
        formspec.folder("lost_property", 1)


def test_a_published_version_is_not_changed_any_more(service):
    path = service / "v1"
    assert lock.findings(path) == []
    lock.publish(path)
    assert lock.findings(path) == []
    (path / "form.toml").write_text("title = 'Changed'")
    (path / "fees.dmn").write_text("new")
    assert [finding.file.rpartition("/")[2] for finding in lock.findings(path)] == ["fees.dmn", "form.toml"]
    (path / "form.toml").unlink()
    assert len(lock.findings(path)) == 2


def test_our_published_versions_are_as_they_were_published():
    assert [finding for path in folders.paths() for finding in lock.findings(path)] == []
