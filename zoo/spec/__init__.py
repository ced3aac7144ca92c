"""The spec language: text → nodes → values → Graph → Spec. Imports no Keras."""

from __future__ import annotations

from zoo.spec.check import Report, check, check_text, load, loads
from zoo.spec.graph import Graph, InputSpec
from zoo.spec.sections import OutputSpec
from zoo.spec.spec import Spec

__all__ = ["Graph", "InputSpec", "OutputSpec", "Report", "Spec", "check", "check_text", "load", "loads"]
