"""Texts outside ASCII where the session's locale cannot show them."""

from __future__ import annotations

import pytest

UNICODE = r"""
library(speczoo)
text <- "Gr\u00f6\u00dfe \u4e2d"
for (value in list(text, stats::setNames(list(1L), text), factor(text))) {
  cat(identical(speczoo:::round_trip(value), value), "")
}
error <- tryCatch(zoo_spec("\u00fcber"), speczoo_error = conditionMessage)
cat(grepl("\u00fcber", error), l10n_info()[["UTF-8"]])
"""


@pytest.mark.parametrize("host", ["rscript", "hosted"])
def test_texts_cross_under_a_c_locale(request, host, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    done = request.getfixturevalue(host)(UNICODE)
    assert done.stdout == "TRUE TRUE TRUE TRUE FALSE", done.stderr
