"""# S105: a required argument is missing

What it does: compares the arguments given with those the class cannot do without, and the sections of a spec
with those every spec needs.

Why it is bad: it cannot be built.

Example:

    code: [book, Conv1D: 16]

Instead: `Conv1D: {filters: 16, kernel_size: 3}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import listed, nearest

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("S105", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every class in the spec."""
    for head, signature, arguments, span in spec.constructions():
        if signature is None or signature.family == "ops":
            continue
        required = [name for name, argument in signature.arguments.items() if argument.required]
        missing = [name for name in required if name not in arguments]
        # `unit: 64` is one mistake, and S101 tells it
        unknown = [name for name in arguments if name not in signature.arguments]
        missing = [name for name in missing if not any(nearest(item, [name]) for item in unknown)]
        if missing:
            yield diagnose(head, missing, span)


def diagnose(head: str, missing: Sequence[str], span: Span | None) -> Diagnostic:
    """`head` lacks arguments."""
    return RULE(
        f"{head} needs {listed(missing)}", span, f"write {{{', '.join(f'{name}: …' for name in missing)}}}"
    )


def section(missing: Sequence[str], owner: str, span: Span | None) -> Diagnostic:
    """A spec, model or block lacks keys."""
    lines = ", ".join("spec: 1" if name == "spec" else f"{name}: …" for name in missing)
    return RULE(f"{owner} needs {listed(missing)}", span, f"write {lines}")
