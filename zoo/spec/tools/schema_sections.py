"""The sections of a spec, in the editor's schema."""

from __future__ import annotations

from zoo.spec import data_section, params, provenance, toys
from zoo.spec import sections as known_sections
from zoo.spec.lower import blocks, submodels
from zoo.spec.lower import inputs as input_section
from zoo.spec.tools.schema_parts import Schema, choice, closed, each_of, named, or_expression, ref


def sections() -> Schema:
    """Every section by name."""
    word: Schema = {"type": ["string", "null"]}
    described = {
        "spec": {"const": 1, "description": "the version of the language"},
        "name": {"type": "string"},
        "about": word,
        "tags": {"type": ["array", "null"]},
        "source": _source(),
        "cite": _cite(),
        "lint": {"type": ["object", "null"], "description": "{allow: {CODE: reason}}"},
        "extends": {"type": "string", "description": "the spec that this one builds on"},
    }
    made = {
        "params": named(_param(), "name → default, or {type, default, min, max, choices, doc, tune}"),
        "inputs": named(_input(), "name → {shape, dtype}", each_of(named(_input(), "name → {shape, dtype}"))),
        "layers": named(ref("steps"), "shared layers: one set of weights however often called"),
        "models": named(_model(), "submodels"),
        "blocks": named(_block(), "fragments: fresh weights at each use"),
        "graph": ref("graph"),
        "outputs": _outputs(),
        "loss": {"description": "Keras's own form, beside a list of outputs"},
        "loss_weights": {},
        "metrics": {},
        "data": _data(),
        "training": _training(),
    }
    both = {**described, **made}
    return {name: both[name] for name in known_sections.SECTIONS}


def _source() -> Schema:
    kinds: dict[str, Schema] = {"str": {"type": ["string", "null"]}, "int": {"type": ["integer", "null"]}}
    known = {name: kinds[kind] for name, kind in provenance.SOURCE_KINDS.items()}
    known["parameters"] = {**known["parameters"], "description": "the number of weights published"}
    known["difference"] = {**known["difference"], "description": "why the number here is another"}
    return closed(known)


def _cite() -> Schema:
    known: Schema = {"type": {"enum": list(provenance.CITE_TYPES)}, "year": {"type": "integer"}}
    work = {"type": "object", "properties": known, "required": list(provenance.CITE_REQUIRED)}
    return {"type": ["array", "null"], "items": work, "description": "{type, key} and BibTeX's fields"}


def _param() -> Schema:
    known: Schema = dict.fromkeys(params.KEYS, {})
    known["type"] = {"enum": list(params.TYPES)}
    known["doc"] = {"type": "string"}
    return {"if": {"type": "object"}, "then": closed(known)}


def _input() -> Schema:
    known: Schema = {name: {} for name in input_section.KEYS}
    known["shape"] = ref("shape", "sizes without the batch axis; null is an unknown size")
    known["dtype"] = choice(*input_section.DTYPES)
    known["batch_size"] = ref("int")
    return closed(known)


def _model() -> Schema:
    known: Schema = {name: {} for name in submodels.KEYS}
    known |= {
        "graph": ref("graph"),
        "inputs": named(_input(), "name → {shape, dtype}"),
        "use": {"type": "string", "description": "the spec that is used as a layer"},
        "weights": {
            "type": ["string", "null"],
            "description": "a .safetensors or .zoo file of the spec's folder, loaded when the model is built",
        },
        "trainable": ref("bool"),
    }
    return closed(known)


def _block() -> Schema:
    known: Schema = {name: {} for name in blocks.KEYS}
    return closed({**known, "do": ref("body"), "params": named(_param(), "name → default")})


def _outputs() -> Schema:
    one = closed(
        {"loss": ref("loss"), "weight": ref("float"), "metrics": ref("metric"), "from": {"type": "string"}}
    )
    listed = {"items": {"type": ["string", "object"]}}
    return {
        **named(one, "output name → {loss, weight, metrics}", each_of({})),
        "type": ["object", "array", "string", "null"],
        **listed,
    }


def _data() -> Schema:
    known: Schema = {name: {} for name in data_section.DATA_KEYS}
    known["kind"] = choice(*data_section.DATA_KINDS)
    known["missing"] = choice("error", "drop", "fill")
    for name, inner in data_section.DATA_INNER.items():
        known[name] = {
            "if": {"type": "object"},
            "then": closed({item: {} for item in inner} | _CHOICES.get(name, {})),
        }
    names = choice(*(name for found in toys.TOYS.values() for name in found))
    known["source"] = _open({"toy": names}, "a file, {simulate: {…}} or {toy: NAME, samples, seed}")
    known["toy"] = _open({"name": names}, "{name: NAME, samples, seed}")
    for name, inner in data_section.DATA_NAMED.items():
        one = closed({item: {} for item in inner} | _CHOICES.get(name, {}))
        known[name] = or_expression(named(one, f"{name[:-1]} name → {{{', '.join(inner)}}}", each_of({})))
    return closed(known)


def _open(known: Schema, description: str) -> Schema:
    # Each toy has options of its own, which the checker knows.
    return {"if": {"type": "object"}, "then": {"properties": known}, "description": description}


_CHOICES: dict[str, Schema] = {
    "features": {"prices": choice("raw", "relative_bps", "returns"), "sizes": choice("raw", "log")},
    "sample": {"by": choice("event", "time", "volume")},
    "label": {"kind": choice("forward", "two_sided", "return", "column", "reconstruct")},
    "targets": {"type": choice("numeric", "categorical")},
    "split": {"by": choice("time", "session", "group", "random")},
    "scale": {"method": choice("zscore", "minmax", "robust", "rolling_sessions", "none")},
}


def _training() -> Schema:
    known: Schema = {name: ref(kind) for name, kind in known_sections.TRAINING_KINDS.items()}
    known["learning_rates"] = named(
        ref("float"), "layer → multiplier of the optimizer's learning rate; 0 leaves its weights as they are"
    )
    known["reset_states"] = choice("epoch", "never")
    return closed(known)
