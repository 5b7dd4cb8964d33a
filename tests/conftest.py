"""How the tests are shared out among processes, and what holds for each of them."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module

import pytest
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from consular.decisions import second_looks
from tests import emptying, prepared, server, template
from tests.ops.service import Up
from tests.processes import free_port

settings.register_profile(
    "same everywhere",  # the same examples in every run, and how long one takes is not the point
    deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("exploring", settings.get_profile("same everywhere"), derandomize=False)
settings.load_profile("same everywhere")

ON_ONE_SERVICE = ("tests/journeys/", "tests/ops/test_supervisor.py")
"""The journeys use it, then the tests of the supervisor stop it."""
LONGEST = (
    *ON_ONE_SERVICE,
    "tests/casework/test_crashes.py",
    "tests/casework/test_consultation_crashes.py",
    "tests/casework/test_migration_races.py",
)
"""They start whole services, or wait for processes that die: a minute and more, five for the journeys."""


class ByModule(LoadScopeScheduling):
    """The tests of a module stay together, and so do those that share one running service.

    xdist's own groups are written into a name that pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "service" if nodeid.startswith(ON_ONE_SERVICE) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Share out by module, in the order of the collection (see below) and not of the number of tests."""
    if config.getvalue("dist") not in {"loadgroup", "loadscope"}:
        return None
    config.option.loadscopereorder = False
    return ByModule(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """On a fresh checkout every process would compile every test; so each compiles a share, and reads the rest."""
    share = getattr(session.config, "workerinput", None)
    if share is None or sys.dont_write_bytecode:
        return
    folders = [session.config.rootpath / name for name in session.config.args if "::" not in name]
    files = sorted(file for folder in folders for file in folder.rglob("test_*.py"))
    for file in files[int(share["workerid"].removeprefix("gw")) :: share["workercount"]]:
        with suppress(Exception, pytest.skip.Exception):  # the collection comes upon it again, and says so
            import_module(".".join(file.relative_to(session.config.rootpath).with_suffix("").parts))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, or one process would end on it alone while the others have nothing to do."""
    items.sort(key=lambda item: [not item.nodeid.startswith(part) for part in LONGEST])


def pytest_collection_finish() -> None:
    """What was collected stays until the end: the search for rubbish need not go through it again and again.

    Nor need it begin anew after every 700 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """On the run's own server databases go with it; dropping them waits for whoever is still connected."""
    return django_db_keepdb or server.PRIVATE in os.environ


@pytest.fixture(scope="session")
def making_the_database() -> template.Turn:
    """Begun before the database of this process is made, ended after it."""
    return template.Turn()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, making_the_database: template.Turn
) -> None:
    """The first process makes the database, the others copy it."""
    making_the_database.begin()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: object, making_the_database: template.Turn
) -> None:
    """Now the next process may copy it."""
    with django_db_blocker.unblock():
        making_the_database.end()


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """The whole service as `consular up` starts it from nothing; in the end nothing of it is left."""
    # officers of the journeys sign in once for all of them, and a code of an authenticator works once
    service = Up(tmp_path_factory.mktemp("state"), free_port(), FRESH_MINUTES="600")
    try:
        service.wait_until_running()
        yield service
        if service.process.poll() is None:
            service.stop()
    finally:
        service.kill_what_is_left()


@pytest.fixture(scope="module")
def missions(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The missions, written once for all tests of a file; not for tests that commit, for those empty all tables."""
    with django_db_blocker.unblock(), prepared.standing():
        yield


@pytest.fixture(autouse=True)
def _starts_in_english() -> Iterator[None]:
    """A page that was asked for in another language leaves it to the thread; the next test starts anew."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _what_everybody_is_told_is_told_anew() -> None:
    """A process keeps for a minute what is free at a mission; the missions of the next test are other ones."""
    keeper = sys.modules.get("consular.casework.availability")
    if keeper is not None:
        keeper.forget()


@pytest.fixture(scope="session", autouse=True)
def _no_decision_is_looked_at_again_by_chance() -> Iterator[None]:
    """Which ones are depends on their numbers, and so on the tests before; a test that wants it sets its own share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_looks, "shares", lambda: {second_looks.OTHERS: 0})
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_was_committed_is_deleted() -> Iterator[None]:
    """Instead of Django's flush, which takes longer than most tests (see tests/emptying.py)."""
    flush = TransactionTestCase._fixture_teardown
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: emptying.empty() or flush(case))
        yield
