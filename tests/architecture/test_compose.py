"""The production shape is a valid compose file, and says what it must about secrets, users and health."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
FILE: dict[str, Any] = yaml.safe_load(TEXT)
OURS = ("prepare", "web", "worker", "beat")


def test_the_compose_file_fits_the_specification() -> None:
    schema = json.loads((Path(__file__).parent / "schemas" / "compose.json").read_text(encoding="utf-8"))

    assert [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(FILE)] == []


def _named_twice(node: yaml.Node) -> list[str]:
    """The names that stand twice in one mapping: compose refuses them, and the reader here takes the last."""
    if isinstance(node, yaml.SequenceNode):
        return [name for entry in node.value for name in _named_twice(entry)]
    if not isinstance(node, yaml.MappingNode):
        return []
    names = [key.value for key, _value in node.value]
    below = [name for _key, value in node.value for name in _named_twice(value)]
    return [name for name in set(names) if names.count(name) > 1] + below


def test_nothing_is_said_twice() -> None:
    assert _named_twice(yaml.compose(TEXT)) == []
    assert _named_twice(yaml.compose("a: [{b: 1, c: 2, b: 3}]")) == ["b"]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in FILE["services"].items() if "ports" in service] == ["proxy"]


def test_the_proxy_keeps_the_state_of_the_parts_to_itself() -> None:
    proxy = (ROOT / "docs" / "proxy" / "Caddyfile").read_text(encoding="utf-8")

    assert "respond /readyz 404" in proxy


def test_every_lasting_service_has_a_health_check() -> None:
    lasting = {name: service for name, service in FILE["services"].items() if name != "prepare"}

    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []


def test_secrets_come_from_files_and_never_from_the_environment() -> None:
    for name in OURS:
        environment = FILE["services"][name]["environment"]
        named = {key for key in environment if key.endswith(("_KEY", "_PASSWORD", "DATABASE_URL"))}
        assert named == set()
        assert {value for key, value in environment.items() if key.endswith("_FILE")} <= {
            f"/run/secrets/{secret}" for secret in FILE["services"][name]["secrets"]
        }


def test_our_image_runs_as_nobody_special_on_a_read_only_disk() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert "\nUSER consular\n" in dockerfile
    assert all(FILE["services"][name]["read_only"] for name in OURS)
    assert all(FILE["services"][name]["cap_drop"] == ["ALL"] for name in OURS)
