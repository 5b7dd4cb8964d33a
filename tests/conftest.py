"""How the tests are shared out among processes."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling


class ByModule(LoadScopeScheduling):
    """The tests of a module stay together, and all journeys do: they share one running service.

    xdist's own groups are written into a name that pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Share out by module, in the order of the folders, so that the journeys do not begin last."""
    if config.getvalue("dist") not in {"loadgroup", "loadscope"}:
        return None
    config.option.loadscopereorder = False
    return ByModule(config, log)
