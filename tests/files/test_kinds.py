"""Files are known by what they begin with, never by their name."""

import pytest

from consular import files
from tests.files import hostile


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (hostile.statement(), "pdf"),
        (hostile.picture(), "jpeg"),
        (hostile.picture(form="PNG"), "png"),
    ],
)
def test_the_three_kinds_are_known(content: bytes, kind: str) -> None:
    assert files.identify(content[:8]) == kind


@pytest.mark.parametrize("what", hostile.NOT_OURS)
def test_everything_else_is_not(what: str) -> None:
    assert files.identify(hostile.NOT_OURS[what][:8]) is None
