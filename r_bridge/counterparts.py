"""What Python and the shell can do, and where R has it. A test fails when one side grows without the other.

A name ending in ``()`` is a function of the R package, ``METHOD.CLASS`` one of its S3 methods. What has no
counterpart says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class No:
    """Why R has nothing of this."""

    why: str


Counterpart = str | tuple[str, ...] | No

_CONDITION = No("a condition class of R: speczoo_..._error, see conditions.R")

# zoo.__all__, and zoo.data.__all__ under data.
FACADE: Mapping[str, Counterpart] = MappingProxyType(
    {
        "Audit": ("print.speczoo_audit", "as.data.frame.speczoo_audit"),
        "BuildError": _CONDITION,
        "BundleError": _CONDITION,
        "Card": "print.speczoo_card",
        "DataError": _CONDITION,
        "Diagnostic": No("a row of zoo_check()$diagnostics"),
        "Entry": No("a row of zoo_list()"),
        "Report": "print.speczoo_report",
        "Spec": ("print.speczoo_spec", "format.speczoo_spec", "summary.speczoo_spec", "plot.speczoo_spec"),
        "SpecError": _CONDITION,
        "TrainError": _CONDITION,
        "WalkForward": ("print.speczoo_walk", "autoplot.speczoo_walk", "as.data.frame.speczoo_walk"),
        "Trained": ("print.speczoo_model", "format.speczoo_model"),
        "ZooError": _CONDITION,
        "audit": "zoo_audit()",
        "build": "zoo_model()",
        "card": "zoo_show()",
        "check": "zoo_check()",
        "check_text": "zoo_check()",
        "data": No("its functions are listed beneath"),
        "data.Part": "zoo_part()",
        "data.Pipeline": ("transform.speczoo_data_windows", "zoo_in_units()"),
        "data.Prepared": "print.speczoo_data_windows",
        "data.Windows": "print.speczoo_windows",
        "data.orderbook": ("zoo_data_orderbook()", "zoo_data_simulate()"),
        "data.prepare": "zoo_train()",
        "data.windows": ("zoo_data_windows()", "zoo_windows()"),
        "diff": ("zoo_diff()", "print.speczoo_diff"),
        "fill": "zoo_fill()",
        "from_bytes": "zoo_unpack()",
        "from_keras": "zoo_from_keras()",
        "list_models": "zoo_list()",
        "load": "zoo_spec()",
        "loads": "zoo_spec()",
        "new": "zoo_new()",
        "open": "zoo_open()",
        "plan": "zoo_plan()",
        "plot": "zoo_plot()",
        "plot_split": "zoo_plot()",
        "resolve": "zoo_resolve()",
        "sweep": "zoo_sweep()",
        "train": "zoo_train()",
        "tune": "zoo_tune()",
        "walk_forward": "zoo_walk_forward()",
    }
)

# The public methods and attributes of zoo.Trained.
TRAINED: Mapping[str, Counterpart] = MappingProxyType(
    {
        "add": No("part of a fit"),
        "attention": ("zoo_attention()", "plot.speczoo_attention", "autoplot.speczoo_attention"),
        "batch_size": No("read from the inputs"),
        "class_names": No('the levels of predict(type = "class")'),
        "carries_state": No("read from the layers"),
        "compile": "compile.speczoo_model",
        "epochs": "glance.speczoo_model",
        "evaluate": "evaluate.speczoo_model",
        "explain": ("zoo_explain()", "as.data.frame.speczoo_explanation", "autoplot.speczoo_explanation"),
        "export": "zoo_export()",
        "factors": ("zoo_factors()", "plot.speczoo_factors", "autoplot.speczoo_factors"),
        "fit": "fit.speczoo_model",
        "forecast": ("zoo_forecast()", "plot.speczoo_forecast", "autoplot.speczoo_forecast"),
        "freeze": "freeze.speczoo_model",
        "get_weights": "get_weights.speczoo_model",
        "importance": ("zoo_importance()", "plot.speczoo_importance", "autoplot.speczoo_importance"),
        "metrics": "glance.speczoo_model",
        "occlusion": "zoo_occlusion()",
        "predict": ("predict.speczoo_model", "augment.speczoo_model"),
        "predict_file": "zoo_predict_file()",
        "predict_frame": "augment.speczoo_model",
        "predictor": ("zoo_predictor()", "predict.speczoo_predictor", "summary.speczoo_predictor"),
        "raw_outputs": "predict.speczoo_model",
        "resets_states": No("read from the spec"),
        "sanity": "zoo_sanity()",
        "save": "zoo_save()",
        "score": "evaluate.speczoo_model",
        "set_weights": "set_weights.speczoo_model",
        "stream": ("zoo_stream()", "zoo_push()", "zoo_reset()", "summary.speczoo_stream"),
        "summary": ("summary.speczoo_model", "tidy.speczoo_model"),
        "take": No("part of a fit"),
        "tasks": No("read from the losses"),
        "to_bytes": "zoo_pack()",
        "unfreeze": "unfreeze.speczoo_model",
        "untrained": "zoo_model()",
    }
)

# The commands of `zoo`.
COMMANDS: Mapping[str, Counterpart] = MappingProxyType(
    {
        "audit": "zoo_audit()",
        "demo": No("a program of the shell; its R part is examples/demo.R"),
        "diff": "zoo_diff()",
        "evaluate": "evaluate.speczoo_model",
        "explain": (
            "zoo_explain()",
            "zoo_importance()",
            "zoo_occlusion()",
            "zoo_factors()",
            "zoo_attention()",
            "zoo_sanity()",
        ),
        "export": "zoo_export()",
        "fill": "zoo_fill()",
        "fmt": "zoo_fmt()",
        "import": "zoo_import()",
        "list": "zoo_list()",
        "new": "zoo_new()",
        "plot": "zoo_plot()",
        "predict": ("predict.speczoo_model", "zoo_predict_file()", "zoo_forecast()"),
        "r-install": No("it puts the R package there"),
        "resolve": "zoo_resolve()",
        "rule": "zoo_rule()",
        "schema": "zoo_schema()",
        "show": "zoo_show()",
        "sweep": "zoo_sweep()",
        "train": "zoo_train()",
        "tune": "zoo_tune()",
        "validate": "zoo_check()",
        "walk-forward": "zoo_walk_forward()",
    }
)

# What only R has, and why.
R_ONLY: Mapping[str, str] = MappingProxyType(
    {
        "zoo_available()": "Python may be missing only where R is the host",
        "zoo_install()": "pip installs Python's side",
        "zoo_sitrep()": "only R has a Python to find",
        "zoo_last_error()": "Python shows its tracebacks by itself",
        "zoo_keras()": "in Python it is Trained.model",
        "zoo_part()": "in Python it is Trained.prepared",
    }
)
