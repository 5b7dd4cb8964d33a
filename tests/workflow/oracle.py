"""SpiffWorkflow as an oracle: the same file, as far as it can be said in its words.

What it does not share is written in words that both have: a timer becomes a message of its own (its clock cannot be set
from outside), a service step a user task, a business rule task a script that asks the same rule. Conditions are
answered from variables of the whole process, as in ours.

Of rounds it is asked how many there are, where each of them stands and when the last one is over. Variables it keeps
with its tokens and merges them when they meet, so that what rounds set or collect cannot be compared. Its messages and
errors go to everybody who waits for them; here each comes to the one it is meant for.
"""

from collections.abc import Mapping

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
ROUND = " [child]"
"""What it puts behind the name of the element that stands for one round of a multi-instance element."""

Place = tuple[str, tuple[int, ...]]
"""An open element, and the rounds it lies in."""


class _Conditions(PythonScriptEngine):
    """Answers `name`, `name = number` and how many rounds there are from variables that belong to the whole process.

    A script is the name of the variable that a rule sets.
    """

    def __init__(self, variables: dict[str, object]) -> None:
        super().__init__()
        self.variables = variables

    def execute(self, task: Task, script: str, external_context: object = None) -> bool:
        self.variables[script] = ruled(self.variables)
        return True

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> bool | int:
        name, equals, number = expression.partition(" = ")
        value = self.variables.get(name)
        if isinstance(value, list):
            return len(value)
        if equals:
            return type(value) is int and value == int(number)
        return value is True


def ruled(variables: Mapping[str, object]) -> object:
    """A rule that both engines ask: another answer for each number of variables that are true."""
    return (0, 1, False, 0, True)[sum(value is True for value in variables.values()) % 5]


def conditions(variables: dict[str, object]) -> PythonScriptEngine:
    """What answers the conditions of a process, for one whose state was read from a file."""
    return _Conditions(variables)


def in_its_words(xml: bytes) -> bytes:
    """The file without what SpiffWorkflow does not read."""
    root = etree.fromstring(xml)
    process = root.find(f"{BPMN}process")
    assert process is not None
    for rule in list(root.iter(f"{BPMN}businessRuleTask")):
        called = rule.find(f".//{ZEEBE}calledDecision")
        assert called is not None
        rule.tag = f"{BPMN}scriptTask"
        etree.SubElement(rule, f"{BPMN}script").text = called.get("resultVariable")
    for loop in list(root.iter(f"{BPMN}multiInstanceLoopCharacteristics")):
        etree.SubElement(loop, f"{BPMN}loopCardinality").text = "items"
    for extension in list(root.iter(f"{BPMN}extensionElements")):
        extension.getparent().remove(extension)
    for task in list(root.iter(f"{BPMN}serviceTask")):
        task.tag = f"{BPMN}userTask"
    for timer in list(root.iter(f"{BPMN}timerEventDefinition")):
        event = timer.getparent()
        message = etree.Element(f"{BPMN}message", id=f"m_{event.get('id')}", name=event.get("id"))
        root.insert(0, message)
        timer.clear()
        timer.tag = f"{BPMN}messageEventDefinition"
        timer.set("messageRef", message.get("id"))
    return etree.tostring(root)


class Oracle:
    """A process run by SpiffWorkflow."""

    def __init__(self, xml: bytes, variables: dict[str, object]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(in_its_words(xml))
        self.variables = dict(variables)
        self.flow = BpmnWorkflow(
            parser.get_spec("p"), parser.get_subprocess_specs("p"), script_engine=_Conditions(self.variables)
        )
        self.flow.do_engine_steps()

    @property
    def open(self) -> list[Place]:
        """The elements that wait for something outside, each as often as it waits."""
        return sorted((name, self._rounds(task)) for task in self._waiting() for name in self._names(task))

    def _names(self, task: Task) -> list[str]:
        spec = task.task_spec
        if isinstance(spec, EventBasedGateway):
            return [output.name for output in spec.outputs]
        return [spec.name.removesuffix(ROUND)]

    def _rounds(self, task: Task | None) -> tuple[int, ...]:
        """The rounds around, outermost first."""
        found: list[int] = []
        while task is not None:
            if task.task_spec.name.endswith(ROUND):
                found.insert(0, task.internal_data["key_or_index"])
            flow = task.workflow
            outside = flow is not self.flow and task.parent is None
            task = flow.parent_workflow.get_task_from_id(flow.parent_task_id) if outside else task.parent
        return tuple(found)

    def _waiting(self) -> list[Task]:
        tasks: list[Task] = self.flow.get_tasks(state=TaskState.READY, manual=True)
        events: list[Task] = self.flow.get_tasks(state=TaskState.WAITING, spec_class=CatchingEvent)
        return tasks + [
            task for task in events if not isinstance(task.task_spec.event_definition, ErrorEventDefinition)
        ]

    def act(self, node: str, given: dict[str, object], rounds: tuple[int, ...] = ()) -> None:
        """Complete a task, or let the event come."""
        self.variables.update(given)
        task = self._find(node, rounds)
        definition = getattr(task.task_spec, "event_definition", None)
        if isinstance(task.task_spec, EventBasedGateway):
            definition = definition.event_definitions[self._names(task).index(node)]
        if definition is None:
            task.run()
        else:
            self._come(task, definition)
        self.flow.do_engine_steps()

    def fail(self, node: str, rounds: tuple[int, ...] = ()) -> None:
        """Let a step end in the error that an event at its boundary catches."""
        step = self._find(node, rounds)
        events = self.flow.get_tasks(state=TaskState.WAITING, spec_class=CatchingEvent)
        event = next(event for event in events if event.parent is step.parent)
        self._come(event, event.task_spec.event_definition)
        self.flow.do_engine_steps()

    def _find(self, node: str, rounds: tuple[int, ...]) -> Task:
        return next(
            task for task in self._waiting() if node in self._names(task) and self._rounds(task) == rounds
        )

    def _come(self, task: Task, definition: object) -> None:
        """An event comes to this one, as its event manager would say it to all."""
        task.task_spec.catch(task, BpmnEvent(definition, payload={}))
        task.task_spec._update(task)
