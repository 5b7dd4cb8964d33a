"""SpiffWorkflow as an oracle: the same file, as far as it can be said in its words.

What it does not share is written in words that both have: a timer becomes a message of its own (its clock cannot be set
from outside), a service step a user task. Conditions are answered from variables of the whole process, as in ours.
"""

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


class _Conditions(PythonScriptEngine):
    """Answers `name` and `name = number` from variables that belong to the whole process."""

    def __init__(self, variables: dict[str, object]) -> None:
        super().__init__()
        self.variables = variables

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> bool:
        name, equals, number = expression.partition(" = ")
        value = self.variables.get(name)
        if equals:
            return type(value) is int and value == int(number)
        return value is True


def conditions(variables: dict[str, object]) -> PythonScriptEngine:
    """What answers the conditions of a process, for one whose state was read from a file."""
    return _Conditions(variables)


def in_its_words(xml: bytes) -> bytes:
    """The file without what SpiffWorkflow does not read."""
    root = etree.fromstring(xml)
    process = root.find(f"{BPMN}process")
    assert process is not None
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
    def open(self) -> list[str]:
        """The elements that wait for something outside, each as often as it waits."""
        return sorted(name for task in self._waiting() for name in self._names(task))

    def _names(self, task: Task) -> list[str]:
        spec = task.task_spec
        return (
            [output.name for output in spec.outputs] if isinstance(spec, EventBasedGateway) else [spec.name]
        )

    def _waiting(self) -> list[Task]:
        tasks: list[Task] = self.flow.get_tasks(state=TaskState.READY, manual=True)
        events: list[Task] = self.flow.get_tasks(state=TaskState.WAITING, spec_class=CatchingEvent)
        return tasks + [
            task for task in events if not isinstance(task.task_spec.event_definition, ErrorEventDefinition)
        ]

    def act(self, node: str, given: dict[str, object]) -> None:
        """Complete a task, or let the event come."""
        self.variables.update(given)
        task = next(task for task in self._waiting() if node in self._names(task))
        definition = getattr(task.task_spec, "event_definition", None)
        if isinstance(task.task_spec, EventBasedGateway):
            definition = definition.event_definitions[self._names(task).index(node)]
        if definition is None:
            task.run()
        else:
            self.flow.send_event(BpmnEvent(definition, payload={}))
        self.flow.do_engine_steps()
