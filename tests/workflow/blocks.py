"""Random structured processes, drawn by Hypothesis and written as BPMN."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

KINDS = ("task", "service", "timer")
FLAT = ("leaf", "race")
DEEP = ("seq", "par", "xor", "loop", "sub", "each")


@dataclass(frozen=True)
class Block:
    """`kind` and its parts; `id` names the elements and the variable it reads."""

    kind: str
    id: str
    parts: tuple["Block", ...] = ()
    guard: str = ""
    """Of a sub-process: "", timer (interrupting), reminder (not interrupting) or error."""


class _Drawing:
    """Draws blocks, each with an id of its own."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = iter(range(1_000))

    def name(self) -> str:
        return f"n{next(self.count)}"

    def leaf(self) -> Block:
        return Block(self.draw(st.sampled_from(KINDS)), self.name())

    def block(self, depth: int, catching: bool) -> Block:
        """Any block; one that may throw an error only where something around catches it."""
        kind = self.draw(
            st.sampled_from([*FLAT, *(DEEP if depth else ()), *(("throw",) if catching else ())])
        )
        match kind:
            case "leaf":
                return self.leaf()
            case "throw":
                return Block("throw", self.name())
            case "race":
                return Block("race", self.name(), (Block("timer", self.name()), Block("timer", self.name())))
            case "loop":
                body = Block("seq", self.name(), (self.leaf(), self.block(depth - 1, catching)))
                return Block("loop", self.name(), (body,))
            case "sub":
                return self.sub(depth, catching)
        width = 1 if kind == "each" else self.draw(st.integers(2, 3))
        return Block(kind, self.name(), tuple(self.block(depth - 1, catching) for _ in range(width)))

    def sub(self, depth: int, catching: bool) -> Block:
        """A sub-process; one that catches errors throws some for certain."""
        guard = self.draw(st.sampled_from(["", "timer", "reminder", "error"]))
        inner = self.block(depth - 1, catching or guard == "error")
        if guard == "error":
            inner = Block("seq", self.name(), (self.leaf(), Block("throw", self.name()), inner))
        return Block("sub", self.name(), (inner, Block("task", self.name())), guard)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """A random process of moderate size."""
    drawing = _Drawing(draw)
    return Block("seq", drawing.name(), (drawing.leaf(), drawing.block(draw(st.integers(1, 3)), False)))


def variables(block: Block) -> list[str]:
    """The variables a process reads for its ways."""
    own = [f"v_{block.id}"] if block.kind in {"xor", "loop", "throw"} else []
    return own + [name for part in block.parts for name in variables(part)]


def written(block: Block) -> bytes:
    """The process as a file."""
    return bpmn.process(*_body(block, "start", "end"), lane="caseworker")


def _body(block: Block, first: str, last: str) -> list[str]:
    parts: list[str] = [bpmn.start(first), bpmn.end(last)]
    entry, exit = _write(block, parts)
    return [*parts, path(first, entry), path(exit, last)]


def _write(block: Block, parts: list[str]) -> tuple[str, str]:
    """Append the elements of a block; where it begins and ends."""
    id = block.id
    match block.kind:
        case "task" | "service" | "timer":
            parts.append({"task": bpmn.user, "service": bpmn.service, "timer": bpmn.timer}[block.kind](id))
            return id, id
        case "seq":
            ends = [_write(part, parts) for part in block.parts]
            parts.extend(path(before[1], after[0]) for before, after in zip(ends, ends[1:], strict=False))
            return ends[0][0], ends[-1][1]
        case "par" | "xor" | "race":
            return _branches(block, parts)
        case "loop":
            entry, exit = _write(block.parts[0], parts)
            parts += [
                bpmn.exclusive(f"{id}.in"),
                bpmn.exclusive(id, f"{id}-{id}.out"),
                bpmn.exclusive(f"{id}.out"),
            ]
            parts += [path(f"{id}.in", entry), path(exit, id, f"{id}.out"), flow(id, f"{id}.in", f"v_{id}")]
            return f"{id}.in", f"{id}.out"
        case "throw":
            parts += [
                bpmn.exclusive(id, f"{id}-{id}.out"),
                bpmn.exclusive(f"{id}.out"),
                bpmn.error_end(f"{id}.bad"),
            ]
            parts += [path(id, f"{id}.out"), flow(id, f"{id}.bad", f"v_{id}")]
            return id, f"{id}.out"
    return _scope(block, parts)


def _branches(block: Block, parts: list[str]) -> tuple[str, str]:
    id, join = block.id, f"{block.id}.join"
    ends = [_write(part, parts) for part in block.parts]
    last = ends[-1][0]
    gateway = {"par": bpmn.parallel(id), "xor": bpmn.exclusive(id, f"{id}-{last}"), "race": bpmn.race(id)}[
        block.kind
    ]
    parts += [gateway, bpmn.parallel(join) if block.kind == "par" else bpmn.exclusive(join)]
    for index, (entry, exit) in enumerate(ends):
        condition = f"v_{id} = {index}" if block.kind == "xor" and entry != last else ""
        parts += [flow(id, entry, condition), path(exit, join)]
    return id, join


def _scope(block: Block, parts: list[str]) -> tuple[str, str]:
    id = block.id
    inner = _body(block.parts[0], f"{id}.start", f"{id}.end")
    if block.kind == "each":
        parts.append(bpmn.sub(id, bpmn.each("=items"), *inner))
        return id, id
    parts.append(bpmn.sub(id, *inner))
    if not block.guard:
        return id, id
    side = block.parts[1].id
    if block.guard == "error":
        parts.append(bpmn.on_error(f"{id}.guard", id))
    else:
        parts.append(
            bpmn.on_timer(f"{id}.guard", id, cancel="false" if block.guard == "reminder" else "true")
        )
    parts += [bpmn.user(side), bpmn.exclusive(f"{id}.out"), path(f"{id}.guard", side), path(id, f"{id}.out")]
    if block.guard == "reminder":
        parts += [bpmn.end(f"{id}.reminded"), path(side, f"{id}.reminded")]
    else:
        parts.append(path(side, f"{id}.out"))
    return id, f"{id}.out"
