"""R's vectors as NumPy views, and R's attributes: the one file that touches R's memory."""

from __future__ import annotations

from functools import cache
from math import prod
from typing import Any

import numpy as np
from rpy2.rinterface_lib import openrlib
from rpy2.rinterface_lib.conversion import _cdata_to_rinterface
from rpy2.rinterface_lib.memorymanagement import rmemory
from rpy2.rinterface_lib.sexp import RTYPES

from r_bridge.errors import RValueError
from r_bridge.transposition import copy_across

rlib: Any = openrlib.rlib
ffi: Any = openrlib.ffi

NA_INTEGER = -(2**31)  # R's NA for integers and logicals is C's smallest int
NA_REAL = np.array([0x7FF00000000007A2], np.uint64).view(np.float64)  # a NaN that R knows by its bits

_TYPE_NAMES = {kind.value: str(kind.name) for kind in RTYPES}

_LARGE = 2**27  # elements; a vector of a gigabyte is asked for with care

_POINTER_AND_DTYPE: dict[str, tuple[Any, np.dtype]] = {
    "REALSXP": (rlib.REAL, np.dtype(np.float64)),
    "INTSXP": (rlib.INTEGER, np.dtype(np.int32)),
    "LGLSXP": (rlib.LOGICAL, np.dtype(np.int32)),
    "RAWSXP": (rlib.RAW, np.dtype(np.uint8)),
}


def type_name(sexp: Any) -> str:
    """R's own name of the type, such as ``REALSXP``."""
    return _TYPE_NAMES[sexp.__sexp__._cdata.sxpinfo.type]


@cache
def _symbol(name: str) -> Any:
    return rlib.Rf_install(name.encode())  # R never drops a symbol


def attribute(sexp: Any, name: str) -> Any:
    """One attribute of an R object as an R object, or None."""
    with rmemory() as memory:
        found = memory.protect(rlib.Rf_getAttrib(sexp.__sexp__._cdata, _symbol(name)))
        return None if found == rlib.R_NilValue else _cdata_to_rinterface(found)


def set_attribute(sexp: Any, name: str, value: Any) -> None:
    """Set one attribute of an R object that was made here and that R has not seen yet."""
    rlib.Rf_setAttrib(sexp.__sexp__._cdata, _symbol(name), value.__sexp__._cdata)


def strings(sexp: Any, where: str = "a character vector") -> list[str | None]:
    """The texts of an R character vector; NA is None.

    Raises:
        RValueError: a text is no valid UTF-8, or is marked as bytes.
    """
    cdata = sexp.__sexp__._cdata
    with rmemory():
        return [_text(rlib.STRING_ELT(cdata, i), i, where) for i in range(rlib.Rf_xlength(cdata))]


def _text(charsxp: Any, place: int, where: str) -> str | None:
    if charsxp == rlib.R_NaString:
        return None
    # R refuses to translate bytes by an error, which would jump over Python's frames.
    if rlib.Rf_getCharCE(charsxp) == rlib.CE_BYTES:
        raise _no_text(place, where, "is marked as bytes, not as text")
    try:
        return bytes(ffi.string(rlib.Rf_translateCharUTF8(charsxp))).decode("utf-8")
    except UnicodeDecodeError:
        raise _no_text(place, where, "is no valid UTF-8") from None


def _no_text(place: int, where: str, what: str) -> RValueError:
    return RValueError(
        f"[{place + 1}] of `{where}` {what}",
        help='tell R its encoding: Encoding(x) <- "latin1", or iconv(x, "latin1", "UTF-8")',
        code="value.encoding",
        data={"position": [place + 1]},
    )


def elements(sexp: Any) -> list[Any]:
    """The elements of an R list, as R objects."""
    cdata = sexp.__sexp__._cdata
    return [_cdata_to_rinterface(rlib.VECTOR_ELT(cdata, i)) for i in range(rlib.Rf_xlength(cdata))]


def names(sexp: Any) -> list[str] | None:
    """The names attribute, an unnamed element having the empty text; None when there is none."""
    found = attribute(sexp, "names")
    return None if found is None else [name or "" for name in strings(found)]


def classes(sexp: Any) -> tuple[str, ...]:
    """The class attribute; empty for objects that have only an implicit class."""
    if rlib.Rf_getAttrib(sexp.__sexp__._cdata, _symbol("class")) == rlib.R_NilValue:
        return ()
    found = attribute(sexp, "class")
    return () if found is None else tuple(name or "" for name in strings(found))


def dimensions(sexp: Any) -> tuple[int, ...] | None:
    """The dim attribute, or None for a plain vector."""
    # R keeps the attribute for as long as the object: nothing needs protection here.
    found = rlib.Rf_getAttrib(sexp.__sexp__._cdata, _symbol("dim"))
    if found == rlib.R_NilValue:
        return None
    return tuple(ffi.unpack(rlib.INTEGER(found), int(rlib.Rf_xlength(found))))


def view(sexp: Any) -> np.ndarray:
    """R's own memory as a read-only array in R's index order, nothing copied.

    It is valid only while R keeps the vector: convert it before the call returns. Read-only because
    writing would go past R's copy-on-modify and change every variable that shares the vector.
    """
    pointer, dtype = _POINTER_AND_DTYPE[type_name(sexp)]
    cdata = sexp.__sexp__._cdata
    size = int(rlib.Rf_xlength(cdata))
    if size == 0:
        flat: np.ndarray = np.empty(0, dtype)
    else:
        flat = np.frombuffer(ffi.buffer(pointer(cdata), size * dtype.itemsize), dtype)
    shape = dimensions(sexp) if type_name(sexp) != "RAWSXP" else None
    seen = flat if shape is None else flat.reshape(shape, order="F")
    seen.flags.writeable = False
    return seen


def new_vector(kind: str, size: int) -> Any:
    """A new R vector of ``kind`` (such as ``REALSXP``), its contents not set.

    Raises:
        RValueError: there is not memory enough.
    """
    if size >= _LARGE:
        _check_memory(size)
    with rmemory() as memory:
        return _cdata_to_rinterface(memory.protect(rlib.Rf_allocVector(getattr(rlib, kind), size)))


def new_array(kind: str, values: np.ndarray) -> Any:
    """A new R vector or array holding ``values``: one cast-and-transpose pass, column-major.

    Raises:
        RValueError: a dimension is too long for R, or there is not memory enough.
    """
    pointer, dtype = _POINTER_AND_DTYPE[kind]
    _check_dimensions(values.shape)
    made = new_vector(kind, values.size)
    if values.size:
        memory = ffi.buffer(pointer(made.__sexp__._cdata), values.size * dtype.itemsize)
        # R's order of an array is C order with the indices reversed.
        copy_across(np.frombuffer(memory, dtype).reshape(values.shape[::-1]), values.T)
    if values.ndim > 1:
        set_attribute(made, "dim", new_array("INTSXP", np.asarray(values.shape, np.int32)))
    return made


def _check_dimensions(shape: tuple[int, ...]) -> None:
    if (len(shape) > 1 and max(shape) >= 2**31) or prod(shape) >= 2**52:
        raise RValueError(
            f"an array of dimensions {' x '.join(map(str, shape))} is larger than R can hold",
            help="a dimension of an R array has fewer than 2^31 places, a vector fewer than 2^52",
            code="value.too_large",
        )


def _check_memory(size: int) -> None:
    # R refuses memory by an error, which would jump over Python's frames; NumPy's refusal is an exception.
    try:
        np.empty(size, np.float64)
    except MemoryError:
        raise RValueError(
            f"there is no memory for an R vector of {size:,} numbers ({size * 8 / 2**30:.0f} GB)",
            help="ask for fewer rows at a time",
            code="value.memory",
        ) from None


def new_strings(values: list[str | None]) -> Any:
    """A new R character vector in UTF-8; None becomes NA."""
    made = new_vector("STRSXP", len(values))
    cdata = made.__sexp__._cdata
    for i, text in enumerate(values):
        if text is None:
            rlib.SET_STRING_ELT(cdata, i, rlib.R_NaString)
        else:
            # A zero byte would end the text in C; R has no way to hold one.
            raw = ffi.new("char[]", text.replace("\0", "").encode("utf-8", "replace"))
            rlib.SET_STRING_ELT(cdata, i, rlib.Rf_mkCharCE(raw, rlib.CE_UTF8))
    return made


def new_list(values: list[Any]) -> Any:
    """A new R list of R objects."""
    made = new_vector("VECSXP", len(values))
    for i, value in enumerate(values):
        rlib.SET_VECTOR_ELT(made.__sexp__._cdata, i, value.__sexp__._cdata)
    return made
