"""Large sound processes, for tests and benchmarks: nested sequences, choices, loops, parallel blocks and reminders."""

import random

from tests.workflow import bpmn
from tests.workflow.bpmn import flow, path


class Large:
    """Draws a process of about so many elements; the same number and seed give the same file."""

    def __init__(self, elements: int, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.parts: list[str] = [bpmn.start(), bpmn.end()]
        self.count = 2
        first, last = self.block(100, 0)
        self.parts.append(path("start", first))
        while self.count < elements:
            entry, exit = self.block(100, 0)
            self.parts.append(path(last, entry))
            last = exit
        self.xml = bpmn.process(*self.parts, path(last, "end"))

    def name(self) -> str:
        self.count += 1
        return f"e{self.count}"

    def block(self, size: int, depth: int) -> tuple[str, str]:
        """Draw a block; where it begins and ends."""
        if size <= 1 or depth > 12:
            return self.task()
        kind = self.random.choice(["sequence", "sequence", "parallel", "choice", "loop"])
        if kind == "sequence":
            ends = [self.block(size // 4, depth + 1) for _ in range(4)]
            self.parts += [path(before[1], after[0]) for before, after in zip(ends, ends[1:], strict=False)]
            return ends[0][0], ends[-1][1]
        if kind == "loop":
            return self.loop(size, depth)
        return self.branches(kind == "parallel", size, depth)

    def task(self) -> tuple[str, str]:
        id = self.name()
        self.parts.append(bpmn.user(id))
        if self.random.random() < 0.05:
            event, mail, sent = self.name(), self.name(), self.name()
            self.parts += [bpmn.on_timer(event, id, cancel="false"), bpmn.service(mail), bpmn.end(sent)]
            self.parts.append(path(event, mail, sent))
        return id, id

    def branches(self, together: bool, size: int, depth: int) -> tuple[str, str]:
        split, join, width = self.name(), self.name(), self.random.randint(2, 8)
        ends = [self.block((size - 2) // width, depth + 1) for _ in range(width)]
        last = ends[-1][0]
        gateway = bpmn.parallel(split) if together else bpmn.exclusive(split, f"{split}-{last}")
        self.parts += [gateway, bpmn.parallel(join) if together else bpmn.exclusive(join)]
        for index, (entry, exit) in enumerate(ends):
            condition = "" if together or entry == last else f"choice = {index}"
            self.parts += [flow(split, entry, condition), path(exit, join)]
        return split, join

    def loop(self, size: int, depth: int) -> tuple[str, str]:
        merge, again, out = self.name(), self.name(), self.name()
        entry, exit = self.block(size - 3, depth + 1)
        self.parts += [bpmn.exclusive(merge), bpmn.exclusive(again, f"{again}-{out}"), bpmn.exclusive(out)]
        self.parts += [path(merge, entry), path(exit, again, out), flow(again, merge, "again")]
        return merge, out
