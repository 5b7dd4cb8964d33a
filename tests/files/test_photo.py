"""Advice on photos: said where something is plainly wrong, and not about good ones of anybody."""

import pytest
from PIL import Image

from consular.files.photo import advice
from tests.files.portrait import blurred, portrait, shadowed

SKINS = ("#f3d3bd", "#b07850", "#6b4229", "#3b241a")


@pytest.mark.parametrize("skin", SKINS)
def test_a_good_photo_gets_no_advice_whatever_the_skin(skin: str) -> None:
    assert advice(portrait(skin=skin)) == ()


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (portrait((350, 450)), "too_small"),
        (portrait((900, 900)), "wrong_ratio"),
        (portrait(ground="#4a5560"), "background_dark"),
        (shadowed(), "background_uneven"),
        (Image.new("RGB", (700, 900), "#e8e8e4"), "no_head"),
        (portrait(head=0.25, top=0.2), "head_small"),
        (portrait(head=0.98, top=-0.01), "head_large"),
        (portrait(middle=0.35, head=0.7), "off_centre"),
        (blurred(), "blurred"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_plainly_wrong_is_said(image: Image.Image, said: str) -> None:
    assert said in advice(image)


@pytest.mark.parametrize("colour", ["black", "white", "#808080"])
@pytest.mark.parametrize("size", [(1, 1), (1, 2000), (2000, 1), (413, 531)])
def test_anything_is_measured_without_falling_over(colour: str, size: tuple[int, int]) -> None:
    assert isinstance(advice(Image.new("RGB", size, colour)), tuple)
