"""One fit: its order, its guards, what it shows, and how it ends."""

from __future__ import annotations

import io
import signal
from typing import Any

import keras
import numpy as np
import pytest
from rich.console import Console

from tests.train.models import samples, two_heads
from zoo.build.weights import load_safetensors, to_safetensors
from zoo.errors import BundleError, TrainError
from zoo.train.batches import Batches
from zoo.train.engine import run_fit
from zoo.train.predict import predict
from zoo.train.progress import Progress


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return two_heads()


def _batches(count: int = 40, **options: Any) -> Batches:
    x, y = samples(count)
    return Batches(x, y, 16, **options)


def _equal(one: list[np.ndarray], two: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


class Interrupt(keras.callbacks.Callback):
    """A real Ctrl-C in the middle of an epoch."""

    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.wanted = epoch
        self.before: list[np.ndarray] = []

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.epoch = epoch
        if epoch == self.wanted:
            self.before = self.model.get_weights()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        if self.epoch == self.wanted and batch == 1:
            signal.raise_signal(signal.SIGINT)


def test_batches_cover_each_epoch_once_in_an_order_of_seed_and_epoch() -> None:
    def orders(batches: Batches) -> list[list[int]]:
        found = []
        for epoch in (0, 1, 0):
            batches.epoch = epoch
            found.append([int(i) for batch in batches for i in batch[0]])
        return found

    rows = {"x": np.arange(37)}
    first, second, again = orders(Batches(rows, None, 8, seed=5))
    assert sorted(first) == sorted(second) == list(range(37))
    assert first == again != second
    assert orders(Batches(rows, None, 8, seed=5))[1] == second
    assert orders(Batches(rows, None, 8, seed=6))[0] != first
    assert orders(Batches(rows, None, 8, seed=5, first_epoch=1))[0] == second
    assert orders(Batches(rows, None, 8))[1] == list(range(37))


def test_a_last_short_batch_and_the_rows_asked_for() -> None:
    rows = {"x": np.arange(20)}
    assert [len(batch[0]) for batch in Batches(rows, None, 8)] == [8, 8, 4]
    assert len(Batches(rows, None, 8, drop_last=True)) == 2
    assert [int(i) for batch in Batches(rows, None, 2, rows=np.array([3, 9, 11])) for i in batch[0]] == [
        3,
        9,
        11,
    ]


def test_only_the_windows_of_a_batch_are_gathered() -> None:
    class Lazy:
        asked: list[int] = []

        def __len__(self) -> int:
            return 100

        def __getitem__(self, index: Any) -> np.ndarray:
            self.asked.append(len(index))
            return np.zeros((len(index), 3), dtype=np.float32)

    lazy = Lazy()
    batches = Batches({"x": lazy}, {"y": np.zeros(100)}, 10)
    batches[4]
    assert lazy.asked == [10]


def test_the_same_seed_gives_the_same_run_bit_for_bit() -> None:
    runs = []
    for _ in range(2):
        model = two_heads()
        done = run_fit(model, _batches(seed=3), _batches(20), epochs=2)
        runs.append((done.history, model.get_weights()))
    assert runs[0][0] == runs[1][0]
    assert _equal(runs[0][1], runs[1][1])
    assert list(runs[0][0])[0] == "loss"
    assert set(runs[0][0]) >= {"zz_accuracy", "val_loss", "val_zz_accuracy"}


def test_an_embeddings_gradients_are_summed_in_one_order() -> None:
    rng = np.random.default_rng(0)
    tokens, y = rng.integers(0, 50, (512, 60)), rng.integers(0, 2, (512, 1))
    found = []
    for _ in range(3):
        keras.utils.set_random_seed(1)
        layers = [
            keras.layers.Embedding(50, 64),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1),
        ]
        model = keras.Sequential([keras.Input((60,), dtype="int32"), *layers])
        model.compile("adam", "mse")
        run_fit(model, Batches({"x": tokens}, {"y": y}, 256), epochs=2)
        found.append(model.get_weights())
    assert _equal(found[0], found[1]) and _equal(found[0], found[2])


def test_weights_of_samples_reach_the_output_they_are_for(model: keras.Model) -> None:
    x, y = samples(16)
    plain = run_fit(model, Batches(x, y, 16), epochs=1).history
    none = np.zeros(16, dtype=np.float32)
    weighed = run_fit(model, Batches(x, y, 16, weights={"zz": none}), epochs=1).history
    assert weighed["zz_loss"][0] == 0
    assert weighed["aa_loss"][0] > 0
    assert plain["zz_loss"][0] > 0


def test_an_interrupt_keeps_the_best_finished_epoch() -> None:
    model = two_heads()
    interrupt = Interrupt(epoch=2)
    done = run_fit(model, _batches(seed=1), epochs=5, callbacks=[interrupt])
    assert done.interrupted
    assert done.best_epoch == 1
    assert len(done.history["loss"]) == 2
    assert _equal(model.get_weights(), interrupt.before)


def test_an_interrupt_in_the_first_epoch_keeps_what_is_there(model: keras.Model) -> None:
    done = run_fit(model, _batches(), epochs=3, callbacks=[Interrupt(epoch=0)])
    assert (done.interrupted, done.best_epoch, done.history) == (True, None, {})
    assert not run_fit(model, _batches(), epochs=1).interrupted


def test_a_loss_that_is_no_number_stops_the_run() -> None:
    model = two_heads()
    best = run_fit(model, _batches(), epochs=1)
    assert best.best_epoch == 0

    class Spoil(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch == 1:
                self.kept = self.model.get_weights()
                self.model.set_weights([np.full_like(value, np.nan) for value in self.kept])

    spoil = Spoil()
    with pytest.raises(TrainError, match="epoch 2, batch 1") as caught:
        run_fit(model, _batches(), epochs=3, callbacks=[spoil])
    assert caught.value.code == "train.nan"
    assert caught.value.data == {"epoch": 2, "batch": 1}
    assert "learning rate" in caught.value.help
    assert _equal(model.get_weights(), spoil.kept)


def _shown(model: keras.Model, verbose: int, *, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, highlight=False)
    model.fit(_batches(), epochs=2, verbose=0, callbacks=[Progress(verbose, console)])
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_what_is_shown(model: keras.Model) -> None:
    assert _shown(model, 0, terminal=True) == ""
    lines = _shown(model, 1, terminal=False).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("epoch 1/2  loss ")
    assert "\x1b" not in lines[0]
    assert len(_shown(model, 2, terminal=True).splitlines()) == 2
    bar = _shown(model, 1, terminal=True)
    assert "\x1b" in bar
    assert "epoch 2/2" in bar


def test_predictions_by_name_are_keras_own_for_every_length(model: keras.Model) -> None:
    x, _ = samples(40)
    whole = model.predict([x["a"], x["b"]], verbose=0)
    for count in (1, 3, 16, 40):
        found = predict(model, {name: values[:count] for name, values in x.items()}, ["zz", "aa"])
        assert list(found) == ["zz", "aa"]
        for values, theirs in zip(found.values(), whole, strict=True):
            np.testing.assert_allclose(values, theirs[:count], atol=1e-6)
    empty = predict(model, {name: values[:0] for name, values in x.items()}, ["zz", "aa"])
    assert (empty["zz"].shape, empty["aa"].shape) == ((0, 3), (0, 1))


def test_weights_come_back_exactly_and_only_where_they_fit(model: keras.Model) -> None:
    data = to_safetensors(model)
    other = two_heads(seed=8)
    load_safetensors(other, data, "it")
    assert _equal(other.get_weights(), model.get_weights())
    assert to_safetensors(other)[-200:] == data[-200:]
    small = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    for wrong, said in ((small, "holds 7 weights"), (model, "cannot be read")):
        with pytest.raises(BundleError, match=said):
            load_safetensors(wrong, data if wrong is small else data[:40], "it")
    wide = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    with pytest.raises(BundleError, match=r"float32 of shape \(3, 2\), received float32 of shape \(3, 4\)"):
        load_safetensors(small, to_safetensors(wide), "it")
    half = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, dtype="float64")])
    with pytest.raises(BundleError, match="received float64"):
        load_safetensors(small, to_safetensors(half), "it")


def test_epochs_of_a_given_length_go_through_all_samples_one_order_after_the_other():
    x = {"x": np.arange(10)}
    batches = Batches(x, None, 3, seed=1, steps=3)
    assert len(batches) == 3
    seen = []
    for epoch in range(8):
        batches.epoch = epoch
        seen += [batches[i][0] for i in range(3)]
    # four batches hold every sample once
    for start in range(0, 24, 4):
        assert sorted(np.concatenate(seen[start : start + 4])) == list(range(10))
    assert list(np.concatenate(seen[:4])) != list(np.concatenate(seen[4:8]))
    whole = Batches(x, None, 3, seed=1)
    np.testing.assert_array_equal(np.concatenate(seen[:4]), np.concatenate([whole[i][0] for i in range(4)]))
