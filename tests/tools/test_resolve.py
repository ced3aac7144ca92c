from __future__ import annotations

from pathlib import Path

import pytest

from zoo.spec import load, loads
from zoo.spec.catalogue import paths
from zoo.spec.tools.resolve import resolve

LANGUAGE = Path(__file__).resolve().parents[3] / "shared" / "language"
SPECS = [*paths().values(), *sorted(LANGUAGE.glob("*.yaml"))]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_resolved_spec_is_equal(path: Path):
    assert loads(resolve(path).text) == load(path)


@pytest.fixture
def family(tmp_path: Path) -> Path:
    (tmp_path / "encoder.yaml").write_text(
        "spec: 1\nname: encoder\nparams: {width: 4}\ninputs: {x: {shape: [10, 2]}}\n"
        "graph: {code: [x, LSTM: =width]}\noutputs: {code: {loss: mse}}\n"
    )
    (tmp_path / "base.yaml").write_text(
        "spec: 1\nname: base\nparams:\n  units: {default: 3, min: 1}\n  rate: 1e-3\n"
        "inputs: {book: {shape: [10, 2]}}\n"
        "models:\n  enc: {use: encoder, params: {width: =2*units}, trainable: false}\n"
        "graph:\n  y: [book, enc, Dense: =units]\noutputs: {y: {loss: mse}}\n"
        "training: {optimizer: {Adam: {learning_rate: =rate}}, epochs: 5}\n"
    )
    child = tmp_path / "child.yaml"
    child.write_text("spec: 1\nname: child\nextends: base\nparams: {rate: 1e-4}\ntraining: {epochs: 9}\n")
    return child


def test_extends_is_merged_and_use_written_out(family: Path):
    found = resolve(family, units=5)
    assert loads(found.text) == load(family, units=5)
    for gone in ("extends", "use:", "=units", "=rate"):
        assert gone not in found.text
    assert found.values["models"]["enc"]["params"]["width"] == 10
    assert found.values["training"] == {"optimizer": {"Adam": {"learning_rate": 1e-4}}, "epochs": 9}


def test_every_value_knows_its_file_and_line(family: Path):
    origins = {item.path: item for item in resolve(family, units=5).origins}

    def place(path: str) -> tuple[str, int]:
        return Path(origins[path].file).name, origins[path].line

    assert place("name") == ("child.yaml", 2)
    assert place("training.epochs") == ("child.yaml", 5)
    assert place("training.optimizer") == ("base.yaml", 12)
    assert origins["training.optimizer"].expression == "=rate"
    assert place("graph") == ("base.yaml", 10)
    assert place("models.enc.graph") == ("encoder.yaml", 5)
    assert origins["params.units.default"].file == "given"
    assert place("params.rate")[0] == "child.yaml"
    assert all(item.line > 0 or item.file == "given" for item in origins.values())
