"""What the tests of drafts share."""

import pytest
from django.test import Client

from tests.portal import drafting


@pytest.fixture
def reference(client: Client) -> str:
    """A draft that the browser has just started."""
    return drafting.start(client)
