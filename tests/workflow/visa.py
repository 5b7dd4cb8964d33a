"""A visa process of thirty elements, and one way through it: what an ordinary case is for the engine."""

from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

PARTS = (
    bpmn.start("submitted"), bpmn.user("check", sla="P2D", phase="in_review"),
    bpmn.exclusive("complete", "complete-book"), bpmn.user("ask", sla="P1D"), bpmn.message("answer"),
    bpmn.on_timer("silent", "remind", "P30D"),
    bpmn.user("remind"), bpmn.end("withdrawn"), bpmn.user("book", sla="P3D"), bpmn.user("lodge", sla="P30D"),
    bpmn.service("capture"), bpmn.parallel("split"), bpmn.user("examine", sla="P15D"), bpmn.service("query"),
    bpmn.user("assess", sla="P5D"), bpmn.user("consult", sla="P7D"), bpmn.on_timer("deemed", "consult", "P7D"),
    bpmn.exclusive("answered"), bpmn.parallel("join"), bpmn.exclusive("extend", "extend-propose"), bpmn.user("longer"),
    bpmn.user("propose", sla="P2D"), bpmn.user("decide", sla="P2D", fourEyesWith="propose"),
    bpmn.exclusive("approved", "approved-issue"), bpmn.service("issue"), bpmn.user("print", phase="decided"),
    bpmn.user("inform"), bpmn.user("hand_over", phase="ready", sla="P14D"), bpmn.service("archive"), bpmn.end("closed"),
)  # fmt: skip
XML = bpmn.process(
    *PARTS,
    path("submitted", "check", "complete", "book", "lodge", "capture", "split", "examine", "assess", "join", "extend",
         "propose", "decide", "approved", "issue", "print", "inform", "hand_over", "archive", "closed"),
    flow("complete", "ask", "incomplete"), path("ask", "answer", "remind", "check"), path("silent", "withdrawn"),
    path("split", "query", "consult", "answered", "join"), path("deemed", "answered"), flow("extend", "longer", "more"),
    path("longer", "propose"), flow("approved", "propose", "again"),
)  # fmt: skip
WAY: tuple[tuple[str, dict[str, object]], ...] = (
    ("check", {"incomplete": False}), ("book", {}), ("lodge", {"biometrics": True}), ("capture", {}),
    ("query", {"hits": 0}), ("examine", {}), ("consult", {"consent": True}), ("assess", {"recommendation": "grant"}),
    ("propose", {"more": False}), ("decide", {"again": True}), ("propose", {}), ("decide", {"again": False}),
    ("issue", {}), ("print", {}), ("inform", {}), ("hand_over", {}), ("archive", {}),
)  # fmt: skip
"""The elements in the order in which they are completed, with the variables of each."""
