"""A signing key of the test run's own."""

import pytest

from consular.decisions import keys


@pytest.fixture(scope="session", autouse=True)
def _signing_key() -> None:
    keys.make_local()
