"""Items of work: the same key for the same work, one file each, nothing done twice, nothing lost."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import zoo
from tests.train.specs import TINY
from zoo.errors import TrainError
from zoo.train import sources
from zoo.train.fingerprint import fingerprint_of
from zoo.train.seeds import derive_seed
from zoo.train.work.fit import _Judge, penalties, validation_scores
from zoo.train.work.items import Bench, Item, Result, run_items
from zoo.train.work.progress import ItemProgress


def fits(count: int = 2, epochs: int = 1) -> list[Item]:
    return [Item("fit", TINY, {"epochs": epochs}, seed, f"seed {seed}") for seed in range(count)]


def test_a_key_is_the_work_and_the_data_and_not_the_label() -> None:
    item = Item("fit", TINY, {"epochs": 1, "batch_size": 2}, 3, "one")
    same = Item("fit", TINY, {"batch_size": 2, "epochs": 1}, 3, "two")
    assert item.key("a") == same.key("a")
    others = [item.key("b"), Item("fit", TINY, {"epochs": 1}, 3).key("a"), Item("fit", TINY, {}, 4).key("a")]
    assert len({item.key("a"), *others}) == 4


def test_data_are_prepared_anew_only_where_the_spec_asks_for_something_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    prepared = []
    prepare = sources.prepare
    monkeypatch.setattr(sources, "prepare", lambda *args: prepared.append(args) or prepare(*args))
    other = TINY.replace("horizon: 5", "horizon: 3")
    assert other != TINY
    texts = [TINY, TINY.replace("Flatten,", "Flatten, Dense: 3,"), TINY, other, TINY]
    items = [Item("fit", text, {"epochs": 1}, seed) for seed, text in enumerate(texts)]
    shared = [result.value for _, result in run_items(items, None, tmp_path / "shared")]
    assert len(prepared) == 3
    alone = [next(run_items([item], None, tmp_path / f"{item.seed}"))[1].value for item in items]
    assert shared == alone and len(prepared) == 8


def test_fingerprints_tell_data_apart(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("a\n1\n")
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    arrays = (np.zeros((2, 3), np.float32), np.ones(2))
    kinds = [None, file, frame, arrays, {"x": arrays[0], "y": arrays[1]}, {"toy": "pairs", "samples": 3}]
    first = [fingerprint_of(data) for data in kinds]
    assert first == [fingerprint_of(data) for data in kinds]
    assert len(set(first)) == len(kinds)
    file.write_text("a\n2\n")
    changed = [file, frame.assign(a=[1.0, 3.0]), (arrays[0] + 1, arrays[1]), {"toy": "pairs", "samples": 4}]
    assert not set(first) & {fingerprint_of(data) for data in changed}
    with pytest.raises(TrainError, match="cannot read"):
        fingerprint_of(tmp_path / "none.csv")


def test_files_of_a_pattern_or_a_list_tell_data_apart(tmp_path: Path) -> None:
    files = [tmp_path / f"part{number}.gz" for number in (1, 2)]
    for file in files:
        file.write_bytes(b"one")
    sources: list[Any] = [str(tmp_path / "part*.gz"), files, [str(file) for file in files], tmp_path]
    assert len({fingerprint_of(source) for source in sources}) == 1
    before = fingerprint_of(sources[0])
    files[1].write_bytes(b"two")
    assert all(fingerprint_of(source) != before for source in sources)
    assert fingerprint_of((np.zeros(2), ["up", "down"])) != fingerprint_of((np.zeros(2), ["up", "up"]))


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    first = dict(run_items(fits(), None, tmp_path))
    again = dict(run_items(fits(3), None, tmp_path))
    assert [result.cached for result in again.values()] == [True, True, False]
    assert [again[item].value for item in fits()] == [first[item].value for item in fits()]
    scores = first[fits()[0]].value["scores"]
    assert {"val_loss", "val_accuracy", "val_macro_f1"} <= set(scores)
    assert not any(name.startswith("test") for name in scores)


def test_a_spoilt_file_is_done_again(tmp_path: Path) -> None:
    [(item, first)] = run_items(fits(1), None, tmp_path)
    [file] = (tmp_path / "items").iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    [(_, second)] = run_items([item], None, tmp_path)
    assert not second.cached
    assert second.value == first.value


def test_an_item_that_fails_ends_no_other(tmp_path: Path) -> None:
    bad = Item("fit", TINY, {"batch_size": 100_000, "epochs": 1, "watch": "val_nothing"})
    told: list[Result] = []
    (_, failed), (_, fine) = run_items([bad, *fits(1)], None, tmp_path, on_done=lambda _, r: told.append(r))
    assert failed.error is not None and "val_nothing" in failed.error["message"]
    assert fine.error is None and told == [failed, fine]
    [(_, kept)] = run_items([bad], None, tmp_path)
    assert kept.cached and kept.error == failed.error


def test_a_failure_that_is_no_mistake_of_the_users_is_tried_again(tmp_path: Path) -> None:
    unknown = Item("nothing", TINY)
    for _ in range(2):
        [(_, failed)] = run_items([unknown], None, tmp_path)
        assert failed.error is not None and not failed.cached


def test_items_are_read_when_somebody_is_free(tmp_path: Path) -> None:
    seen: list[str] = []

    def ask() -> object:
        for item in fits():
            seen.append(f"ask {item.seed}")
            yield item

    for item, _ in run_items(ask(), None, tmp_path):
        seen.append(f"told {item.seed}")
    assert seen == ["ask 0", "told 0", "ask 1", "told 1"]


def test_a_report_may_stop_an_item(tmp_path: Path) -> None:
    item = Item("fit", TINY, {"epochs": 5, "watch": "val_loss"})
    heard = []
    stop = lambda _, message: heard.append(message) or message["epoch"] == 2  # noqa: E731
    [(_, result)] = run_items([item], None, tmp_path, on_report=stop)
    assert result.value["stopped"] == 2
    assert [message["epoch"] for message in heard] == [1, 2]
    assert heard[-1]["value"] == result.value["history"]["val_loss"][-1]


@pytest.mark.parametrize("workers", [0, 1.5, "two", None])
def test_a_wrong_number_of_workers(workers: object, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="workers must be a whole number"):
        list(run_items([], None, tmp_path, workers=workers))


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    one = {item.seed: result.value for item, result in run_items(fits(3), None, tmp_path / "one")}
    heard = []
    report = lambda item, message: heard.append(item.seed) and False  # noqa: E731
    watched = [Item("fit", TINY, {"epochs": 1, "watch": "val_loss"}, seed) for seed in range(3)]
    two = {i.seed: r for i, r in run_items(watched, None, tmp_path / "two", workers=2, on_report=report)}
    for seed, result in two.items():
        assert result.error is None
        assert result.value["scores"] == pytest.approx(one[seed]["scores"], abs=1e-5)
    assert sorted(heard) == [0, 1, 2]


class Fatal:
    """Data that ends the process which reads it."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return os.abort, ()

    def fingerprint(self) -> str:
        return "fatal"


def test_a_process_that_dies_costs_its_item_and_no_other(tmp_path: Path) -> None:
    results = [result for _, result in run_items(fits(2), Fatal(), tmp_path, workers=2)]
    assert [result.error["code"] for result in results if result.error] == ["item.worker"] * 2
    assert "ended by signal 6" in results[0].error["message"]
    assert not list((tmp_path / "items").iterdir())


SCRIPT = """
import sys
from zoo.train.work.items import Item, run_items
from tests.train.specs import TINY

items = [Item("fit", TINY, {"epochs": 3 if seed < 2 else 100_000}, seed) for seed in range(4)]
for item, result in run_items(items, None, sys.argv[1], workers=2):
    print("done", item.seed, result.cached, flush=True)
"""


def start(folder: Path, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(folder)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def after_two(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return sorted(process.stdout.readline().strip() for _ in range(2))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_keeps_what_was_done(how: signal.Signals, tmp_path: Path, root: Path) -> None:
    process = start(tmp_path, root)
    assert after_two(process) == ["done 0 False", "done 1 False"]
    workers = children(process.pid)
    assert len(workers) == 2
    process.send_signal(how)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == -how
    assert errors.count("Traceback") == (how == signal.SIGINT)
    until = time.monotonic() + 30
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, workers))
    kept = list((tmp_path / "items").glob("*.json"))
    assert len(kept) == 2
    assert all(json.loads(file.read_text())["error"] is None for file in kept)
    items = [Item("fit", TINY, {"epochs": 3}, seed) for seed in range(2)]
    assert [result.cached for _, result in run_items(items, None, tmp_path)] == [True, True]


def children(parent: int) -> list[int]:
    if not Path("/proc/self/stat").exists():
        pytest.skip("reads /proc to find the workers")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_progress_says_how_long_it_will_take() -> None:
    drawn = io.StringIO()
    with ItemProgress(2, 4, workers=2, console=Console(file=drawn, width=100)) as progress:
        progress.add("a", Result({}, seconds=9.0, cached=True))
        progress.add("b", Result({}, seconds=60.0))
        progress.add("c", Result({}, {"message": "no", "help": "", "code": ""}, seconds=120.0))
    assert drawn.getvalue().splitlines() == [
        "1/4  a  kept from before",
        "2/4  b  60.0 s  60 s left",
        "3/4  c  failed: no  90 s left",
    ]


def test_seeds_are_derived_from_what_a_piece_is() -> None:
    seeds = [derive_seed(7, "trial", number) for number in range(50)] + [derive_seed(8, "trial", 0)]
    assert len(set(seeds)) == 51
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert derive_seed(7, "trial", 3) == seeds[3]


def test_penalties_on_weights_do_not_count_in_a_search() -> None:
    layer = "Dense: {units: 3, activation: softmax, kernel_regularizer: {L2: 10.0}}"
    text = TINY.replace("Dense: {units: 3, activation: softmax}", layer)
    run = zoo.train(zoo.loads(text), epochs=1, verbose=0)
    scores = validation_scores(run)
    assert scores["val_loss"] == pytest.approx(scores["val_nll"], abs=1e-4)
    assert penalties(run.model) > 0.1
    watched: list[float] = []

    def report(news: Any) -> bool:
        watched.append(news["value"])
        return False

    judge = _Judge(run, Bench(None, Path(), report), "val_loss")
    judge.on_epoch_end(0, {"val_loss": scores["val_loss"] + penalties(run.model)})
    assert watched == [pytest.approx(scores["val_loss"])]
