"""Messages of the Python side said in R's words: shell commands and Python calls become R's functions.

Phrases come first, for what no rule can say; then rules, of calls, arguments, values and settings of a spec.
"""

from __future__ import annotations

import re
import shlex
import sys

from r_bridge.counterparts import FACADE, TRAINED

_COMMANDS = {
    "list": "zoo_list",
    "show": "zoo_show",
    "rule": "zoo_rule",
    "validate": "zoo_check",
    "train": "zoo_train",
    "evaluate": "evaluate",
    "predict": "predict",
    "plot": "plot",
    **{name: f"zoo_{name}" for name in ("diff", "fill", "fmt", "import", "new", "resolve", "schema")},
}
_PHRASES = (
    ("data=(x, y), or data={'x': ..., 'y': ...}", "data = list(x = ..., y = ...)"),
    ("give `balanced`, or", 'give "balanced", or'),
    ("must be `balanced` or a map, received", 'must be "balanced" or a vector named by class, not'),
    ("{0: 1.0, 1: 0.5, 2: 1.0}", 'c("0" = 1, "1" = 0.5, "2" = 1)'),
    ("gives weights by class, and", "is named by class, and"),
    ("(`clipnorm: 1.0` in the optimizer)", "(optimizer = list(Adam = list(clipnorm = 1)))"),
    ("write `clean: drop` in `data`", 'give zoo_train() or zoo_data_windows() clean = "drop"'),
    ("train with `clean: drop` under `data`", 'train with clean = "drop"'),
    ("train with `clean: {rows: drop}` under `data`", 'train with clean = "drop"'),
    (", or say `missing: fill` in `data` for the last known value", ""),
    ("in `data.group`", "with `group = ...` (in a spec `data.group`)"),
    ("a pandas frame", "a data frame"),
    (
        "set the parameters that it takes them from, or name yours in a spec that `extends` it",
        "name yours by a formula, zoo_train(..., y ~ a + b, data = data), or in a spec that `extends` it",
    ),
    ("labelled samples are (x, y)", "labelled samples are list(x, y)"),
    ("give a map by name, or a list in that order", "give a list, named or in that order"),
    ("give a map with", "give a list with"),
    ("or read it with clean='drop', which", 'or zoo_train(..., clean = "drop"), which'),
    ("a reading with clean='error'", 'zoo_train() with clean = "error"'),
    ("data=: a file, a frame, a book, or arrays (x, y)", "the path of a file, a data frame, or arrays"),
    ("give (x, y), a file, a book or a frame", "give `data` and `y`, the path of a file, or a data frame"),
    ("arrays, (x, y)", "arrays, list(x, y)"),
    ("a pair of arrays, (x, y)", "list(x, y)"),
    ("give a map by input name, or a list in this order", "give a list, named by input or in this order"),
    ("give a map by output name, or a list in this order", "give a list, named by output or in this order"),
    ("say scaled=False for", "say scaled = FALSE for"),
    ("scaled=True for what the model sees", "scaled = TRUE for what the model sees"),
    ("resume=True goes on with it", "resume = TRUE goes on with it"),
    ("give another out=, or overwrite=True", "give another `out`, or overwrite = TRUE"),
    ("or overwrite=True to replace it", "or overwrite = TRUE to replace it"),
    ("or take refit='cold'", 'or take refit = "cold"'),
    ("give out= as well", "give `out` as well"),
    ("`Trained.save`", "zoo_save()"),
    ("features= ", "`features` "),
    ("or (x, rows): windows and the row of each end", "or list(x, rows): windows and the row of each end"),
    ("`zoo.load`", "zoo_spec()"),
    ("`zoo.open`", "zoo_open()"),
    ("give data=, the frame", "give `data`, the data frame"),
    ("or a keras.Model", "or what zoo_from_keras() made"),
    ("give (x, y), or {'train': (x, y), 'test': (x, y)}", "give list(x, y)"),
    ("give {'train': (x, y), 'test': (x, y)}", "give list(x, y)"),
    ("or a map by these names", "or a list by these names"),
    (
        "give a map by these names, or a row of a frame",
        "give a list by these names, or a row of a data frame",
    ),
    ("a map, name of a group → its features", "a list, name of a group → its features"),
    ("`by` is a map without a group", "`by` is a list without a group"),
    ("give a map by", "give a list by"),
    ("a map with", "a list with"),
    ("predict(data) has both", "predict(model, data) has both"),
    ("predict(data) takes", "predict(model, data) takes"),
    ("predict(data) does", "predict(model, data) does"),
    ("as a book: predict(data)", "as a book: predict(model, data)"),
    ("time; reset() begins", "time; zoo_reset(stream) begins"),
    ("forecast() and predict() carry it", "zoo_forecast() and predict() carry it"),
    (
        "run.predictor().one(…) takes a window of each",
        "predict(zoo_predictor(model), list(...)) takes windows of each",
    ),
    ("run.predictor().one(x) predicts one sample", "predict(zoo_predictor(model), x) predicts samples"),
    ("say which one is the time of a row: time=", "say which one is the time of a row: time = "),
    ("name the columns: columns=[", "name the columns: columns = c("),
    ("read a file with pandas first", "read a file first, as with read.csv()"),
    ("params= goes with a name or a path", "parameters go with a name or a path"),
    ("give the parameters to `zoo.load` instead", "give the parameters to zoo_spec() instead"),
    ("give over={'batch_size': range(1, 25)}", "give over = list(batch_size = 1:24)"),
    ("patch=(10, 1)", "patch = c(10, 1)"),
    (
        "write for example `source: {simulate: {snapshots: 20000, seed: 7}}`",
        "give for example data = list(simulate = list(snapshots = 20000, seed = 7))",
    ),
    ("out=`", "`out` `"),
    ("model.save('model.keras')", 'save_model(model, "model.keras")'),
    ("call model.build(input_shape) first", "build it first: model$build(input_shape)"),
)
_WHOLE = (
    (re.compile(r"run\.(importance|occlusion|factors|attention|sanity)\(\)"), r"zoo_\1(model)"),
    (re.compile(r"^`\[\]` gives no values"), "`over` gives no values"),
    (
        re.compile(r"^write (\w+)=1\.\.24, \1=1\.\.24\.\.2 or \1=1,2,5$"),
        r"write over = list(\1 = c(1, 2, 5))",
    ),
    (re.compile(r"^write for example (first|step): 0\.7$"), r"write for example \1 = 0.7"),
    (re.compile(r"write `source: \{toy: (\w+)\}`"), r'give data = list(toy = "\1")'),
    (re.compile(r"`zoo plot (\S+) --format text`"), r'plot(zoo_model("\1"))'),
    (re.compile(r"`zoo show (\S+) --cite`"), r'zoo_show("\1")$bibtex'),
    (re.compile(r"`zoo show (\S+) --text`"), r'summary(zoo_spec("\1"))'),
)
# What a spec writes beside a loss, where a call is told of it.
_IN_CALLS = (
    ("(from_logits: true)", "(from_logits = TRUE)"),
    (
        "add `activation: softmax`, or from_logits: true",
        "give the layer a softmax in the spec, or from_logits = TRUE",
    ),
    (
        "add `activation: sigmoid`, or from_logits: true",
        "give the layer a sigmoid in the spec, or from_logits = TRUE",
    ),
)
_SHAPE = re.compile(r"(?<!\w)\((?:batch|any|None|\d+),(?: (?:any|None|\d+),?)*\)")
_BY_OUTPUT = re.compile(r"\{(\w+): \{0: 1\.0, \.\.\.\}\}")
_QUOTED = re.compile(rf"`zoo ({'|'.join(_COMMANDS)})((?: [^\s`]+)*)`")
# Of Python's calls, where R has a function of its own, or the method of a generic.
_R_NAMES = {
    name: found.split(".speczoo")[0].removesuffix("()")
    for table in (FACADE, TRAINED)
    for name, said in table.items()
    for found in [said if isinstance(said, str) else said[0] if isinstance(said, tuple) else ""]
    if found and "." not in name and not found.startswith("print.")
}
_PYTHON_CALL = re.compile(r"\b(?:zoo|run|Trained)\.(\w+)\(")
_VALUE = {"True": "TRUE", "False": "FALSE", "None": "NULL"}
_GIVEN = re.compile(r"\b([a-z_]+)=(True|False|None|\d+|'[^']*'|\"[^\"]*\")(?![\w=.])")
_TEXTS = re.compile(r"\[('[^']*'(?:, '[^']*')*)\]")
_RECEIVED = re.compile(r"\b(received|not|is) (True|False|None)\b(?! of)")
_PAIR = re.compile(r"(?<!\w)\(x, y\)")
_PIP = re.compile(r"""pip install (?:'([^']+)'|"([^"]+)"|([\w.-]+))""")
# `data.split.val` or `by: time`: what stands in a spec, of which an R call is not the place.
_OF_SPEC = re.compile(r"`(?:(?:data|training)(?:\.\w+)+|\w+: [^`]+)`")
_RULE = re.compile(r"\(zoo rule ([A-Z]\d{3})\)")
_SEE = re.compile(r"= see: zoo rule ([A-Z]\d{3})")


def in_r_words(text: str, of_spec: bool = False) -> str:
    """A message or help line with what an R user would type in place of commands and Python calls.

    Args:
        text: what the Python side says.
        of_spec: it is about the text of a spec, whose own words stay.
    """
    for before, after in _PHRASES if of_spec else (*_PHRASES, *_IN_CALLS):
        text = text.replace(before, after)
    for command, call in _WHOLE:
        text = command.sub(call, text)
    text = _PYTHON_CALL.sub(_r_call, text)
    text = _PIP.sub(_install, text)
    if not of_spec:
        text = _GIVEN.sub(_argument, text)
        text = _TEXTS.sub(lambda found: "c(" + found.group(1).replace("'", '"') + ")", text)
        text = _RECEIVED.sub(lambda found: f"{found.group(1)} {_VALUE[found.group(2)]}", text)
        text = _PAIR.sub("list(x, y)", text)
        if not re.search(r"\bspec\b", text):
            text = _OF_SPEC.sub(r"\g<0> in the spec", text, count=1)
        text = _SHAPE.sub(_dimensions, text)
        text = _BY_OUTPUT.sub(r'list(\1 = c("0" = 1, ...))', text)
    text = _RULE.sub(r'(zoo_rule("\1"))', text)
    text = _SEE.sub(r'= see: zoo_rule("\1")', text)
    return _QUOTED.sub(_call, text)


def _dimensions(found: re.Match[str]) -> str:
    sizes = found.group()[1:-1].replace("batch", "n").replace("None", "any")
    return " x ".join(size.strip() for size in sizes.split(",") if size.strip())


def _r_call(found: re.Match[str]) -> str:
    name = _R_NAMES.get(found.group(1))
    return found.group() if name is None else f"{name}("


def _argument(found: re.Match[str]) -> str:
    name, value = found.groups()
    return f"{name} = {_VALUE.get(value) or value.replace(chr(39), chr(34))}"


def _install(found: re.Match[str]) -> str:
    # R's users have no `pip` of this Python at hand.
    package = next(name for name in found.groups() if name)
    return f"run in a terminal: {shlex.quote(sys.executable)} -m pip install {shlex.quote(package)}"


def _call(found: re.Match[str]) -> str:
    words = [word for word in found.group(2).split() if not word.startswith("-")]
    arguments = ", ".join('"' + word + '"' for word in words)
    return f"{_COMMANDS[found.group(1)]}({arguments})"
