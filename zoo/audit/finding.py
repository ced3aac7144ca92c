"""What an audit found: one finding a thing that was measured, and all of them together."""

from __future__ import annotations

import json
import math
import textwrap
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["leak", "allowed", "note", "clean", "not checked"]
_WIDTH = 96


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        check: ``batch``, ``causality``, ``pipeline``, ``split`` or ``skill``.
        status: ``leak``; ``allowed``, one that the spec's `lint` allows with its reason; ``note``, no leak,
            but worth knowing; ``clean``; ``not checked``, and the message says why.
        message: one sentence that says what was seen.
        number: how much moved, overlapped or survived; None where nothing was measured.
        tolerance: what ``number`` is held against.
        unit: of both.
        where: the layer, the step of the pipeline or the parts that it comes from.
        rule: the static rule that it belongs to, such as ``D301``; ``zoo rule CODE`` prints its page.
        help: how to mend it.
    """

    check: str
    status: Status
    message: str
    number: float | None = None
    tolerance: float | None = None
    unit: str = ""
    where: str = ""
    rule: str = ""
    help: str = ""

    def __str__(self) -> str:
        code = f" [{self.rule}]" if self.rule and self.status not in ("clean", "not checked") else ""
        said = [textwrap.fill(f"{self.status:<11} {self.check}{code}: {self.message}", _WIDTH, **_HANGING)]
        if self.number is not None:
            unit = f" {self.unit}" if self.unit else ""
            said.append(f"{_INDENT}number {self.number:.3g}, tolerance {self.tolerance:.3g}{unit}")
        if self.where:
            said.append(f"{_INDENT}where  {self.where}")
        if self.help:
            said.append(textwrap.fill(f"help   {self.help}", _WIDTH, **_HELP))
        return "\n".join(said)


_INDENT = " " * 12
_HANGING: dict[str, Any] = {"subsequent_indent": _INDENT, "break_long_words": False}
_HELP: dict[str, Any] = {
    "initial_indent": _INDENT,
    "subsequent_indent": f"{_INDENT}       ",
    "break_long_words": False,
}


@dataclass(frozen=True, slots=True)
class Audit:
    """The findings about one model.

    Args:
        subject: what was audited.
        findings: in the order of the checks.
        seed: of everything random in it: the same seed finds the same numbers.
    """

    subject: str
    findings: tuple[Finding, ...]
    seed: int

    @property
    def ok(self) -> bool:
        """No leak was found, but for those that the spec allows with a reason."""
        return not self.leaks

    @property
    def leaks(self) -> tuple[Finding, ...]:
        """The findings that are leaks."""
        return tuple(item for item in self.findings if item.status == "leak")

    @property
    def frame(self) -> pd.DataFrame:
        """One row a finding."""
        import pandas as pd

        return pd.DataFrame([asdict(item) for item in self.findings], columns=list(Finding.__slots__))

    def to_dict(self) -> dict[str, Any]:
        """Plain values; a number that JSON has no word for is None."""
        rows = [{name: _plain(value) for name, value in asdict(item).items()} for item in self.findings]
        return {"subject": self.subject, "ok": self.ok, "seed": self.seed, "findings": rows}

    def to_json(self) -> str:
        """The same as JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def __str__(self) -> str:
        count = len(self.leaks)
        said = "no leak found" if not count else "1 leak" if count == 1 else f"{count} leaks"
        if allowed := sum(item.status == "allowed" for item in self.findings):
            said += f", {allowed} that the spec allows"
        return "\n".join([f"audit of {self.subject}: {said}", *map(str, self.findings)])


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
