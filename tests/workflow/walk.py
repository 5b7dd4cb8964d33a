"""A process being played, with its history kept as a case would keep it: for lists of steps."""

from datetime import datetime, timedelta

from consular.workflow.milestones import Milestone, milestones
from consular.workflow.outline import Step, outline
from consular.workflow.replay import Recorded
from tests.workflow.play import Play


class Walk(Play):
    """A play that remembers every line, an hour apart."""

    def __init__(self, *parts: str, **variables: object) -> None:
        self.lines: list[Recorded] = []
        super().__init__(*parts, **variables)
        self._keep("")

    def act(self, stimulus: object) -> "Walk":
        super().act(stimulus)
        self._keep(getattr(stimulus, "by", ""))
        return self

    def _keep(self, by: str) -> None:
        at = self.now + timedelta(hours=len(self.lines))
        self.lines += [Recorded(at, item, by) for item in self.effects.history]

    def outline(self, now: datetime | None = None) -> tuple[Step, ...]:
        return outline(self.graph, self.state.tokens, self.lines, now or self.now)

    def steps(self, now: datetime | None = None) -> list[str]:
        """Each step as `name standing`, those inside others with a dash before them; + where it is still to come."""
        return _written(self.outline(now))

    def step(self, node: str) -> Step:
        return next(step for step in _all(self.outline()) if step.node.id == node)

    def milestones(self) -> list[str]:
        """Each milestone as `key standing`."""
        return [f"{one.key} {one.standing}" for one in self.told()]

    def told(self) -> tuple[Milestone, ...]:
        return milestones(self.graph, self.state.tokens, self.lines)


def _written(steps: tuple[Step, ...], dashes: str = "") -> list[str]:
    lines = []
    for step in steps:
        coming = "+" if step.is_coming else ""
        lines.append(f"{dashes}{step.node.id} {step.standing}{coming}")
        lines += _written(step.inside, f"{dashes}-")
    return lines


def _all(steps: tuple[Step, ...]) -> list[Step]:
    return [found for step in steps for found in (step, *_all(step.inside))]
