"""Messages of the Python side said in R's words: shell commands and Python calls become R's functions."""

from __future__ import annotations

import re

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
    ("write `clean: drop` in `data`", 'give clean = "drop"'),
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
)
_WHOLE = (
    (re.compile(r"run\.(importance|occlusion|factors|attention|sanity)\(\)"), r"zoo_\1(model)"),
    (re.compile(r"^`\[\]` gives no values"), "`over` gives no values"),
    (
        re.compile(r"^write (\w+)=1\.\.24, \1=1\.\.24\.\.2 or \1=1,2,5$"),
        r"write over = list(\1 = c(1, 2, 5))",
    ),
    (re.compile(r"^write for example (first|step): 0\.7$"), r"write for example \1 = 0.7"),
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
    if not of_spec:
        text = _SHAPE.sub(_dimensions, text)
        text = _BY_OUTPUT.sub(r'list(\1 = c("0" = 1, ...))', text)
    for command, call in _WHOLE:
        text = command.sub(call, text)
    text = _RULE.sub(r'(zoo_rule("\1"))', text)
    text = _SEE.sub(r'= see: zoo_rule("\1")', text)
    return _QUOTED.sub(_call, text)


def _dimensions(found: re.Match[str]) -> str:
    sizes = found.group()[1:-1].replace("batch", "n").replace("None", "any")
    return " x ".join(size.strip() for size in sizes.split(",") if size.strip())


def _call(found: re.Match[str]) -> str:
    words = [word for word in found.group(2).split() if not word.startswith("-")]
    arguments = ", ".join('"' + word + '"' for word in words)
    return f"{_COMMANDS[found.group(1)]}({arguments})"
