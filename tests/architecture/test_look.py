"""What keeps the pages working in both directions of writing and under a strict content security policy."""

import json
import re
from hashlib import sha256

from django.conf import settings

STATIC = settings.BASE_DIR / "consular" / "static"
TEMPLATES = settings.BASE_DIR / "templates"
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border)?-?(?:left|right)\s*:|text-align: (?:left|right)|float: (?:left|right)"
)
FORBIDDEN = (" style=", "<style", " onclick=", " onsubmit=", " onchange=", "javascript:")


def test_style_sheets_of_ours_use_logical_properties_only():
    ours = [STATIC / "css" / name for name in ("consular.css", "process.css")]
    assert [PHYSICAL.findall(sheet.read_text(encoding="utf-8")) for sheet in ours] == [[], []]


def test_the_check_for_logical_properties_sees_physical_ones():
    assert PHYSICAL.findall("a { left: 0; margin-right: 1px; text-align: left }") != []


def test_templates_carry_no_styles_or_scripts_of_their_own():
    pages = [path for path in TEMPLATES.rglob("*.html") if not {"letters", "emails"} & set(path.parts)]
    found = [
        (path.name, word) for path in pages for word in FORBIDDEN if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_two_landmarks_of_a_page_never_share_their_name():
    landmark = re.compile(r'<(?:section|nav|aside|form|div)\b[^>]*aria-labelledby="([^"]+)"')
    names = {
        path.name: landmark.findall(path.read_text(encoding="utf-8")) for path in TEMPLATES.rglob("*.html")
    }

    assert len(names["calendars.html"]) == 1
    assert {page: found for page, found in names.items() if len(found) > len(set(found))} == {}


def test_both_directions_have_the_same_rules_of_the_design_system():
    left, right = (
        (STATIC / "css" / name).read_text(encoding="utf-8") for name in ("kern.css", "kern-rtl.css")
    )
    assert left.count("{") == right.count("{")
    assert left != right


def test_the_vendored_design_system_carries_its_licence():
    folder = STATIC / "vendor" / "kern-ux"
    assert "EUPL" in (folder / "LICENSE.md").read_text(encoding="utf-8")
    assert "2.7.2" in (folder / "README.md").read_text(encoding="utf-8")


def test_the_vendored_viewer_is_the_one_that_is_recorded_and_carries_its_licence():
    folder = STATIC / "vendor" / "bpmn-js"
    recorded = (settings.BASE_DIR / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    pinned = json.loads((settings.BASE_DIR / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert "the watermark must stay fully visible" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert f"bpmn-js {pinned['bpmn-js']}" in recorded
    for file in [*folder.glob("*.js"), *folder.glob("*.css")]:
        assert f"`{file.name}` {sha256(file.read_bytes()).hexdigest()}" in recorded


def test_style_sheets_stay_below_a_hundred_kilobytes_before_compression():
    sizes = [(STATIC / "css" / name).stat().st_size for name in ("kern.css", "consular.css")]
    assert sum(sizes) < 100_000
