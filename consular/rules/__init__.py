"""Rules: FEEL expressions and DMN decisions (OMG DMN 1.5); pure, without database or Django.

`feel.compile(text)` and `feel.evaluate(text, context)` for expressions, `dmn.load(xml)` for decision files,
`check.check_file(xml)` for what is wrong with one before it is published.
"""

from consular.rules import check, dmn, feel
from consular.rules.problems import LimitReached, SyntaxProblem

__all__ = ["LimitReached", "SyntaxProblem", "check", "dmn", "feel"]
