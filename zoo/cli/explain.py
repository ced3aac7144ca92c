"""``zoo explain``: what a trained model looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options

_ATTRIBUTION = frozenset({"by", "groups", "output", "target", "of", "step", "windows", "seed", "html"})

# Method → the function of a Trained, and the options that it takes.
_METHODS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "integrated_gradients": ("explain", _ATTRIBUTION | {"baseline", "tolerance", "steps"}),
        "gradient_x_input": ("explain", _ATTRIBUTION),
        "smoothgrad": ("explain", _ATTRIBUTION | {"steps"}),
        "permutation": (
            "importance",
            frozenset(
                {"by", "groups", "repeats", "metric", "within", "block", "time_block", "windows", "seed"}
            ),
        ),
        "occlusion": (
            "occlusion",
            frozenset({"by", "groups", "output", "target", "patch", "baseline", "windows", "seed"}),
        ),
        "factors": ("factors", frozenset({"windows", "seed"})),
        "attention": ("attention", frozenset({"window", "windows"})),
        "sanity": ("sanity", frozenset({"attributions", "output", "windows", "seed"})),
    }
)


def _groups(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, list[str]] | None:
    found = {}
    for text in given:
        name, equals, features = text.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(
                f"`{text}` is not of the form NAME=FEATURE,…, as in best=ask_size_1,bid_size_1"
            )
        found[name.strip()] = [feature.strip() for feature in features.split(",") if feature.strip()]
    return found or None


def _sizes(_context: click.Context, _option: click.Parameter, given: str | None) -> tuple[int, ...] | None:
    if given is None:
        return None
    sizes = [size.strip() for size in given.split(",")]
    if len(sizes) != 2 or not all(size.isdigit() and int(size) for size in sizes):
        raise click.BadParameter(f"`{given}` is not of the form STEPS,FEATURES, as in 10,1")
    return tuple(map(int, sizes))


@click.command()
@options.bundle
@options.data
@click.option(
    "--method",
    type=click.Choice(list(_METHODS)),
    default="integrated_gradients",
    help="What is asked. Default: integrated_gradients",
)
@click.option("--part", type=click.Choice(["test", "val", "train"]), help="Without --data. Default: test")
@click.option(
    "--by",
    help="Groups: feature, level (1: the best), field, side, input, time (steps before the window's last, "
    "which is 0), or several: side,field.",
)
@click.option(
    "--group",
    "groups",
    metavar="NAME=FEATURE,…",
    multiple=True,
    callback=_groups,
    help="A group of your own instead; may be given more than once.",
)
@click.option("--repeats", type=click.IntRange(min=1), help="Permutations of each group. Default: 5")
@click.option("--metric", metavar="SCORE", help="A score of the report. Default: macro_f1, or mae of numbers")
@click.option("--within", type=click.Choice(["session", "all"]), help="Who exchanges. Default: session")
@click.option("--block", type=click.IntRange(min=1), help="Windows that stay neighbours. Default: 1")
@click.option("--time-block", type=click.IntRange(min=1), help="Steps of a group in time. Default: a tenth")
@click.option("--window", type=click.IntRange(min=1), help="The attention of one window alone, from 1.")
@click.option(
    "--windows",
    type=click.IntRange(min=1),
    help="So many at most, evenly spread. Default: 256; 1000 permuted, 64 covered or checked, all of factors",
)
@click.option(
    "--attributions",
    type=click.Choice(["occlusion", *(name for name, (kind, _) in _METHODS.items() if kind == "explain")]),
    help="Those that sanity checks. Default: occlusion",
)
@click.option("--output", help="Which one is explained or checked. Default: the first")
@click.option(
    "--target", metavar="CLASS", help="A class's name, or a number's place from 0. Default: what it says"
)
@click.option("--patch", metavar="STEPS,FEATURES", callback=_sizes, help="What is covered at a time.")
@click.option(
    "--baseline",
    type=click.Choice(["mean", "median", "zeros", "expected"]),
    help="What windows are set against, or covered by (mean, zeros). Default: mean",
)
@click.option(
    "--of",
    type=click.Choice(["output", "logits"]),
    help="Logits: before the last activation. Default: output",
)
@click.option(
    "--step", type=click.IntRange(min=1), help="Of an output of each step, from 1. Default: the last"
)
@click.option(
    "--tolerance", type=click.FloatRange(min=0), help="Of the completeness gap, relative. Default: 0.01"
)
@click.option(
    "--steps",
    type=click.IntRange(min=1),
    help="Gradients of a window, in place of the tolerance; noisy copies.",
)
@options.seed
@click.option(
    "--out",
    metavar="PATH",
    type=options.OUT_TABLE_OR_FOLDER,
    help="A folder for the report, its tables and pictures; or FILE.csv for the table alone.",
)
@click.option("--html", metavar="FILE", type=options.OUT_FILE, help="The report as one page.")
@options.as_json
def explain(
    bundle: str,
    data: str | None,
    method: str,
    part: str | None,
    out: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """What a trained model looks at, by one of several methods.

    integrated_gradients: what each number of a window brings to an output; together they are what it differs
    by from the baseline's, and how far they miss that is always said. gradient_x_input, smoothgrad: quicker,
    and without such a sum. permutation: how much worse it is once a group's numbers come from other windows.
    occlusion: what an output loses as patches of a window are covered. factors: how each feature goes
    together with the output and with the truth. attention: what its layers weigh their steps by. sanity:
    whether attributions change as the weights are made random.

    Example: zoo explain runs/hrnn_lob/hrnn_lob.zoo --target up --out explained
    """
    name, known = _METHODS[method]
    given = {key: value for key, value in settings.items() if value is not None}
    for key in given.keys() - known:
        _refuse(key, method)
    if data is not None and part is not None:
        raise click.UsageError("--part is of the run's own data; give it without --data")
    found = _asked(bundle, name, method, data, part or "test", _as_python(given), out)
    if as_json:
        options.print_json(found.said)
        return
    click.echo(found.text)
    for place in filter(None, (out, settings["html"])):
        click.echo(f"it is in {place}", err=True)


@dataclass(frozen=True)
class _Told:
    """What is printed: for people, and for programs."""

    text: str
    said: dict[str, Any]


def _asked(
    bundle: str, name: str, method: str, data: str | None, part: str, given: dict[str, Any], out: str | None
) -> _Told:
    """Ask the bundle, write what is to be written, and say it."""
    from zoo.explain.written import write_to

    load_keras_quietly()
    run = zoo.open(bundle)
    if name == "explain":
        html = given.pop("html", None)
        found = run.explain(data, part, method=method, **given)
        frame, about = found.frame(), found.facts
        if html:
            found.to_html(html)
    else:
        found = getattr(run, name)(data, part, **given)
        frame, about = found.frame, {"model": found.model, "about": found.about}
    if out:
        write_to(out, found, frame)
    lines = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return _Told(str(found), {**about, "frame": lines})


def _as_python(given: dict[str, Any]) -> dict[str, Any]:
    """The options as a Trained takes them."""
    if "attributions" in given:
        given["method"] = given.pop("attributions")
    if "by" in given and "groups" in given:
        raise click.UsageError("--by and --group are two ways to say one thing; give one of them")
    if "groups" in given:
        given["by"] = given.pop("groups")
    elif "by" in given:
        words = [word.strip() for word in given["by"].split(",")]
        given["by"] = words[0] if len(words) == 1 else words
    for place in given.keys() & {"window", "step"}:
        given[place] -= 1
    return given


def _refuse(key: str, method: str) -> None:
    option = "--group" if key == "groups" else f"--{key.replace('_', '-')}"
    takers = ", ".join(other for other, (_, known) in _METHODS.items() if key in known)
    raise click.UsageError(f"{option} is nothing that --method {method} takes; it is of {takers}")
