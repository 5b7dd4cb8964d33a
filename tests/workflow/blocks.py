"""Random structured processes, drawn by Hypothesis and written as BPMN."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path

KINDS = ("task", "service", "timer")
FLAT = ("leaf", "leaf", "race", "flaky", "watched", "halt")
DEEP = ("seq", "par", "xor", "loop", "sub", "each", "many")
GUARDS = ("timer", "reminder", "letter")
"""What may hang at a task: a timer that interrupts, one that does not, a message that interrupts."""


@dataclass(frozen=True)
class Block:
    """`kind` and its parts; `id` names the elements and the variable it reads."""

    kind: str
    id: str
    parts: tuple["Block", ...] = ()
    guard: str = ""
    """Of a sub-process: "", timer (interrupting), reminder (not interrupting) or error; of a task: one of GUARDS."""

    def kinds(self) -> set[str]:
        """The kinds in it."""
        return {self.kind}.union(*(part.kinds() for part in self.parts))


class _Drawing:
    """Draws blocks, each with an id of its own; `rounds` counts the multi-instance elements around."""

    def __init__(self, draw: st.DrawFn, kinds: tuple[str, ...]) -> None:
        self.draw = draw
        self.kinds = kinds
        self.count = iter(range(1_000))
        self.rounds = 0

    def name(self) -> str:
        return f"n{next(self.count)}"

    def leaf(self) -> Block:
        """One element; messages only where it is clear which of several waiters is meant."""
        kinds = self.kinds if self.rounds else (*self.kinds, "message", "receive")
        return Block(self.draw(st.sampled_from(kinds)), self.name())

    def task(self) -> Block:
        return Block("task", self.name())

    def block(self, depth: int, catching: bool) -> Block:
        """Any block; one that may throw an error only where something around catches it."""
        kind = self.draw(
            st.sampled_from([*FLAT, *(DEEP if depth else ()), *(("throw",) if catching else ())])
        )
        match kind:
            case "leaf":
                return self.leaf()
            case "throw" | "halt":
                return Block(kind, self.name())
            case "race":
                return Block("race", self.name(), (Block("timer", self.name()), Block("timer", self.name())))
            case "flaky":
                return Block("flaky", self.name(), (self.task(),))
            case "watched":
                guard = self.draw(st.sampled_from(GUARDS[:2] if self.rounds else GUARDS))
                return Block("watched", self.name(), (self.task(),), guard)
            case "many":
                return Block("many", self.name())
        return self.nested(kind, depth, catching)

    def nested(self, kind: str, depth: int, catching: bool) -> Block:
        """A block of blocks."""
        match kind:
            case "loop":
                body = Block("seq", self.name(), (self.task(), self.block(depth - 1, catching)))
                return Block("loop", self.name(), (body,))
            case "sub":
                return self.sub(depth, catching)
            case "each":
                self.rounds += 1
                body = self.block(depth - 1, catching)
                self.rounds -= 1
                return Block("each", self.name(), (body,))
        width = self.draw(st.integers(2, 3))
        return Block(kind, self.name(), tuple(self.block(depth - 1, catching) for _ in range(width)))

    def sub(self, depth: int, catching: bool) -> Block:
        """A sub-process; one that catches errors throws some for certain."""
        guard = self.draw(st.sampled_from(["", "timer", "reminder", "error"]))
        inner = self.block(depth - 1, catching or guard == "error")
        if guard == "error":
            inner = Block("seq", self.name(), (self.task(), Block("throw", self.name()), inner))
        return Block("sub", self.name(), (inner, self.task()), guard)


@st.composite
def blocks(draw: st.DrawFn, deciding: bool = False) -> Block:
    """A random process of moderate size; with business rule tasks if they can be answered."""
    drawing = _Drawing(draw, (*KINDS, "rule") if deciding else KINDS)
    return Block("seq", drawing.name(), (drawing.task(), drawing.block(draw(st.integers(1, 3)), False)))


def variables(block: Block) -> list[str]:
    """The variables a process reads for its ways."""
    own = [f"v_{block.id}"] if block.kind in {"xor", "loop", "throw", "halt"} else []
    return own + [name for part in block.parts for name in variables(part)]


def written(block: Block) -> bytes:
    """The process as a file."""
    names = [
        part for part in everything(block) if part.kind in {"message", "receive"} or part.guard == "letter"
    ]
    messages = "".join(f'<message id="m_{part.id}" name="v_{part.id}"/>' for part in names)
    top = bpmn.BOOKED + bpmn.ANSWERED + bpmn.FAILED + messages
    return bpmn.process(*_body(block, "start", "end"), lane="caseworker", top=top)


def everything(block: Block) -> list[Block]:
    """A block and all in it."""
    return [block, *(found for part in block.parts for found in everything(part))]


def _body(block: Block, first: str, last: str) -> list[str]:
    parts: list[str] = [bpmn.start(first), bpmn.end(last)]
    entry, exit = _write(block, parts)
    return [*parts, path(first, entry), path(exit, last)]


def _write(block: Block, parts: list[str]) -> tuple[str, str]:
    """Append the elements of a block; where it begins and ends."""
    id = block.id
    match block.kind:
        case "task" | "service" | "timer" | "message" | "receive" | "rule" | "many":
            parts.append(_one(block))
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
        case "throw" | "halt":
            stop = bpmn.error_end(f"{id}.bad") if block.kind == "throw" else bpmn.terminate(f"{id}.bad")
            parts += [bpmn.exclusive(id, f"{id}-{id}.out"), bpmn.exclusive(f"{id}.out"), stop]
            parts += [path(id, f"{id}.out"), flow(id, f"{id}.bad", f"v_{id}")]
            return id, f"{id}.out"
        case "flaky":
            return _guarded(block, bpmn.service(id), parts)
        case "watched":
            return _guarded(block, bpmn.user(id), parts)
    return _scope(block, parts)


def _one(block: Block) -> str:
    """A block of one element."""
    id = block.id
    match block.kind:
        case "message":
            return bpmn.message(id, f"m_{id}")
        case "receive":
            return bpmn.receive(id, f"m_{id}")
        case "rule":
            return bpmn.rule(id, "length", f"v_{id}_rule")
        case "many":
            return bpmn.user(id, bpmn.each("=items", "item", "=[item, got]", f"v_{id}_all"))
    return {"task": bpmn.user, "service": bpmn.service, "timer": bpmn.timer}[block.kind](id)


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
    host = bpmn.sub(id, *inner)
    if not block.guard:
        parts.append(host)
        return id, id
    return _guarded(block, host, parts)


def _guarded(block: Block, host: str, parts: list[str]) -> tuple[str, str]:
    """An element with an event at it, which leads to a task beside."""
    id, side, guard = block.id, block.parts[-1].id, f"{block.id}.guard"
    event = {
        "": bpmn.on_error(guard, id), "error": bpmn.on_error(guard, id), "timer": bpmn.on_timer(guard, id),
        "reminder": bpmn.on_timer(guard, id, cancel="false"), "letter": bpmn.on_message(guard, id, f"m_{id}"),
    }[block.guard]  # fmt: skip
    parts += [
        host,
        event,
        bpmn.user(side),
        bpmn.exclusive(f"{id}.out"),
        path(guard, side),
        path(id, f"{id}.out"),
    ]
    if block.guard == "reminder":
        parts += [bpmn.end(f"{id}.reminded"), path(side, f"{id}.reminded")]
    else:
        parts.append(path(side, f"{id}.out"))
    return id, f"{id}.out"
