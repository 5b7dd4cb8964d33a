"""What another version of a form asks differently: for drafts that are carried over, and for editors."""

from dataclasses import dataclass, replace

from django.utils.translation import override

from consular.formspec.model import Form, Question


@dataclass(frozen=True)
class Changes:
    """Ids of questions in their order: only in the new version, asked differently, only in the old one."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def between(old: Form, new: Form) -> Changes:
    """What changes from one version to another; where a question stands makes no change."""
    with override("en"):
        before = {question.id: _said(question) for question in old.questions}
        after = {question.id: _said(question) for question in new.questions}
    return Changes(
        new=tuple(name for name in after if name not in before),
        changed=tuple(name for name, said in after.items() if name in before and said != before[name]),
        gone=tuple(name for name in before if name not in after),
    )


def _said(question: Question) -> str:
    """Everything about a question that people read or that is checked, as text."""
    plain = replace(
        question, derives=(), questions=(), rules=(), options=(), show_when=None, required_when=None,
        shared=False, for_consent=False,
    )  # fmt: skip
    conditions = [each.text for each in (question.show_when, question.required_when) if each]
    options = [(each.value, str(each.label)) for each in question.options]
    rules = [(each.question, each.must.text, str(each.message)) for each in question.rules]
    words = replace(plain, label=str(question.label), hint=str(question.hint))
    return repr((words, conditions, options, rules, [_said(inner) for inner in question.questions]))
