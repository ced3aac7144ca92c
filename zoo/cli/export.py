"""``zoo export``: a trained model for those who have no speczoo."""

from __future__ import annotations

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options


@click.command()
@options.bundle
@click.option(
    "--format",
    "format_",
    type=click.Choice(["onnx", "saved_model", "folder"]),
    default="onnx",
    help="An ONNX file, TensorFlow's SavedModel, or a folder with a predict.py. Default: onnx",
)
@click.option(
    "--out", metavar="PATH", type=click.Path(), help="Default: NAME.onnx, NAME_saved_model or NAME_folder"
)
@click.option("--overwrite", is_flag=True, help="Replace an earlier export.")
def export(bundle: str, format_: str, out: str | None, overwrite: bool) -> None:
    """Write a trained model for those who have no speczoo.

    The folder holds the model as ONNX, what was fitted on its data, and predict.py, which needs numpy and
    onnxruntime only: python NAME_folder/predict.py rows.csv --out predictions.csv. A model that carries a
    state from batch to batch cannot be exported.

    Example: zoo export runs/hrnn_lob/hrnn_lob.zoo --format folder --out hrnn_lob_folder
    """
    load_keras_quietly()
    from zoo.train.export import default_name

    run = zoo.open(bundle)
    path = run.export(out or default_name(run.spec.name, format_), format_, overwrite=overwrite)
    click.echo(f"{run.spec.name} is in {path}")
