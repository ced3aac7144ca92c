"""Predictions written to a file, for R."""

from __future__ import annotations

from typing import Any

from r_bridge.given import data_named, raw_data


def predict_file(model: Any, path: str, x: Any = None, part: str = "test", engine: str | None = None) -> int:
    """Write predictions; see ``zoo.Trained.predict_file``.

    Args:
        model: that predicts.
        path: of the file.
        x: NULL (the run's own data), a path, several, or a data frame.
        part: of the run's own data.
        engine: what computes.

    Raises:
        RArgumentError: ``argument.new_data``, an array.
    """
    wanted = "give `new_data` as a path or a data frame, or write what predict() gives"
    data = raw_data(model, x, "a file of predictions is of the rows of data", wanted)
    with data_named("give `new_data`: zoo_predict_file(model, path, new_data)", model):
        return int(model.predict_file(path, data, part, engine=engine))
