"""``python -m zoo.build.lift.table [MODEL…]``: the models of keras.applications, to text and back."""

from __future__ import annotations

import gc
import os
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SMALL = ("ConvNeXtTiny", "EfficientNetB0", "MobileNet", "MobileNetV2", "MobileNetV3Small")


@dataclass(slots=True)
class Row:
    """One model's way there and back; seconds are of processor time, whatever else the machine does."""

    model: str
    layers: int
    spec_lines: int
    json_lines: int
    weights_match: bool
    largest: float
    differs: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the rebuilt model is the same."""
        return not self.differs and self.weights_match and self.largest < 1e-4


def names() -> list[str]:
    """Every model of ``keras.applications``."""
    import keras

    space = vars(keras.applications)
    return sorted(name for name, value in space.items() if callable(value) and name[0].isupper())


def row(name: str) -> Row:
    """One model built by Keras, lifted, read, built again and compared, on one random picture."""
    import json

    import keras
    import numpy as np

    import zoo.spec
    from zoo.build.lift import from_keras
    from zoo.build.lift.same import differences
    from zoo.build.model import assemble

    keras.backend.clear_session()
    make = getattr(keras.applications, name)
    marks = [time.process_time()]
    first = make(weights=None)
    marks.append(time.process_time())
    text = from_keras(first).to_yaml()
    marks.append(time.process_time())
    spec = zoo.spec.loads(text)
    marks.append(time.process_time())
    second = assemble(spec.graph, spec.name)
    marks.append(time.process_time())
    steps = ("keras", "lift", "validate", "build")
    seconds = {step: after - before for step, before, after in zip(steps, marks, marks[1:], strict=False)}
    match = [weight.shape for weight in first.weights] == [weight.shape for weight in second.weights]
    largest = float("nan")
    if match:
        second.set_weights(_settled(first))
        shape = [size or 64 for size in first.inputs[0].shape[1:]]
        picture = np.random.default_rng(0).random((1, *shape), dtype="float32") * 255
        largest = float(np.max(np.abs(np.asarray(first(picture)) - np.asarray(second(picture)))))
    lines = len(json.dumps(json.loads(first.to_json()), indent=2).splitlines())
    return Row(
        name,
        len(first.layers),
        len(text.splitlines()),
        lines,
        match,
        largest,
        differences(first, second),
        seconds,
    )


def _settled(model: Any) -> list[Any]:
    """The model's weights, none of them at its start value: a weight that went to the wrong place shows."""
    import numpy as np

    generator = np.random.default_rng(1)
    values = []
    for weight, value in zip(model.weights, model.get_weights(), strict=True):
        spread = 0.05 * np.abs(value).mean() + 1e-3
        shaken = value + generator.normal(0, spread, value.shape).astype(value.dtype)
        values.append(np.abs(shaken) if "variance" in weight.path else shaken)
    model.set_weights(values)
    return values


HEAD = (
    "model",
    "layers",
    "spec lines",
    "JSON lines",
    "equal graph",
    "largest difference",
    "read",
    "build / Keras",
)
_LINE = "{:<20} {:>6} {:>10} {:>10} {:>11} {:>18} {:>8} {:>13}"


def line(found: Row) -> str:
    """A row as text."""
    ratio = found.seconds["build"] / max(found.seconds["keras"], 1e-9)
    return _LINE.format(
        found.model,
        found.layers,
        found.spec_lines,
        found.json_lines,
        "yes" if not found.differs and found.weights_match else "no",
        f"{found.largest:.1e}",
        f"{found.seconds['validate']:.2f} s",
        f"{ratio:.2f}",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; the exit status is 1 when a model did not come back the same."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    chosen = list(sys.argv[1:] if arguments is None else arguments) or names()
    unknown = [name for name in chosen if name not in names()]
    if unknown:
        print(f"no model of keras.applications: {', '.join(unknown)}", file=sys.stderr)
        return 2
    print(_LINE.format(*HEAD), flush=True)
    passed = 0
    for name in chosen:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = row(name)
        print(line(found), flush=True)
        for difference in found.differs[:5]:
            print(f"    {difference}", flush=True)
        passed += found.passed
        gc.collect()
    print(f"{passed} of {len(chosen)} came back the same")
    return 0 if passed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
