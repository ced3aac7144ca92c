from __future__ import annotations

import pytest

from zoo.spec.tools.bibtex import entry, escaped


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Profit & Loss, 50% of $1_000 #2", r"Profit \& Loss, 50\% of \$1\_000 \#2"),
        ("Schölkopf, Gomez–Núñez and Łukasz", r"Sch{\"{o}}lkopf, Gomez--N{\'{u}}{\~{n}}ez and {\L}ukasz"),
        ("Šimůnek, Ångström, Gençay", r"{\v{S}}im{\r{u}}nek, {\r{A}}ngstr{\"{o}}m, Gen{\c{c}}ay"),
        ("already {\\'e} and {DeepLOB} \\& co", "already {\\'e} and {DeepLOB} \\& co"),
        ("one } alone", r"one \} alone"),
        ("x^2 ~ y", r"x\^{}2 \~{} y"),
        ("李明", "李明"),
    ],
)
def test_text_is_set_as_it_reads(text: str, tex: str):
    assert escaped(text) == tex


def test_an_entry():
    cited = {
        "type": "article",
        "key": "zhang2019deeplob",
        "author": ["Zhang, Zihao", "Zohren, Stefan"],
        "title": "DeepLOB: Deep\n  networks",
        "pages": "3001-3012",
        "year": 2019,
        "doi": "10.1109/TSP_2019",
    }
    assert (
        entry(cited)
        == """\
@article{zhang2019deeplob,
  author = {Zhang, Zihao and Zohren, Stefan},
  title  = {{DeepLOB: Deep networks}},
  pages  = {3001--3012},
  year   = {2019},
  doi    = {10.1109/TSP_2019},
}
"""
    )
