"""What a model looks at, for R: importances, factors and attention maps, each a frame and a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from r_bridge import columns
from r_bridge.errors import RArgumentError
from r_bridge.explanation_pictures import drawn
from r_bridge.given import data_named, in_r_positions, inputs_of, is_null, source_of, targets_of
from zoo.errors import ZooError
from zoo.explain.cells import words_of
from zoo.explain.written import write_to


def importance(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Permutation importance; see ``zoo.Trained.importance``.

    Args:
        model: what the handle stands for.
        x: NULL (the run's own data), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        settings: as ``Trained.importance`` has them, and ``out``, where files go; NULL is not given.
    """
    found = _asked(model, "zoo_importance", model.importance, _judged(model, x, y), settings)
    return {"frame": found.frame, "text": str(found), "name": found.model, "by": list(found.by)}


def factors(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """The factor report; see ``zoo.Trained.factors`` and ``importance`` above."""
    found = _asked(model, "zoo_factors", model.factors, _judged(model, x, y), settings)
    return {"frame": found.frame, "text": str(found), "name": found.model}


def attention(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Attention maps; see ``zoo.Trained.attention``. A window is counted from 1.

    Args:
        model: what the handle stands for.
        x: NULL, a path, a data frame, or R arrays.
        y: NULL, as attention needs no targets.
        settings: as ``Trained.attention`` has them; NULL is not given.
    """
    if settings.get("window") is not None:
        settings["window"] = int(settings["window"]) - 1
    found = _asked(model, "zoo_attention", model.attention, _looked_at(model, x), settings)
    return {"frame": found.frame, "text": str(found), "name": found.model}


def occlusion(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """Occlusion; see ``zoo.Trained.occlusion`` and ``attention`` above."""
    found = _asked(model, "zoo_occlusion", model.occlusion, _looked_at(model, x), settings)
    shown = {"frame": found.frame, "text": str(found), "name": found.model, "by": list(found.by)}
    return {**shown, "attributions": dict(found.attributions)}


def explain(model: Any, x: Any = None, y: Any = None, by: Any = "feature", **settings: Any) -> dict[str, Any]:
    """Integrated gradients; see ``zoo.Trained.explain`` and ``attention`` above. A step is counted from 1.

    Args:
        model: what the handle stands for.
        x: NULL, a path, a data frame, or R arrays.
        y: NULL, as no targets are needed.
        by: what the table is grouped by.
        settings: as ``Trained.explain`` has them, and ``html``, where the page goes; NULL is not given.
    """
    import pandas as pd

    html = settings.pop("html", None)
    if settings.get("step") is not None:
        settings["step"] = int(settings["step"]) - 1
    if by is not None:
        settings["by"] = by
    found = _asked(model, "zoo_explain", model.explain, _looked_at(model, x), settings)
    if html is not None:
        found.to_html(html)
    columns = {"value": found.values, "change": found.change, "gap": found.relative_gap, "steps": found.steps}
    return {
        "frame": found.frame(),
        "text": str(found),
        "name": found.model,
        "by": list(words_of(found.by)),
        "attributions": dict(found.attributions),
        "windows": pd.DataFrame({name: values for name, values in columns.items() if values is not None}),
        "complete": found.complete,
        "drawn": drawn(found),
    }


def sanity(model: Any, x: Any = None, y: Any = None, **settings: Any) -> dict[str, Any]:
    """The check of attributions; see ``zoo.Trained.sanity`` and ``attention`` above."""
    found = _asked(model, "zoo_sanity", model.sanity, _looked_at(model, x), settings)
    return {"frame": found.frame, "text": str(found), "name": found.model, "passed": found.passed}


def _looked_at(model: Any, x: Any) -> Any:
    """Samples, of which targets are not asked."""
    data = source_of(model, x)
    if data is None and not is_null(x):
        return inputs_of(model.spec, x, "data", columns.of_model(model))
    return data


def _judged(model: Any, x: Any, y: Any) -> Any:
    """Samples with targets: a pair of arrays, or what the model's own recipe reads."""
    if is_null(y):
        found = source_of(model, x)
        if found is None and not is_null(x):
            raise RArgumentError(
                "`y` is missing: an array of inputs alone cannot be judged",
                help="give the targets too, or `data` as a data frame or the path of a file",
                code="argument.data",
            )
        return found
    return inputs_of(model.spec, x, "data", columns.of_model(model)), targets_of(model, y, "y")


def _asked(model: Any, name: str, function: Callable[..., Any], data: Any, settings: dict[str, Any]) -> Any:
    # No limit to the windows is something that is said; all else that is NULL is not given.
    given = {key: value for key, value in settings.items() if value is not None or key == "windows"}
    out = given.pop("out", None)
    try:
        with data_named(f"give `data`: {name}(model, data = x)", model, f"{name}(model, data = file)"):
            found = function(data, **given)
    except ZooError as error:
        raise in_r_positions(error) from None
    if out is not None:
        write_to(out, found, found.frame() if callable(found.frame) else found.frame)
    return found
