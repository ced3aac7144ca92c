"""Toy data: samples for any model, from a rule that a small one can learn. One toy a file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from zoo.data.toys import (
    digit_pairs,
    digits,
    documents,
    filters,
    headlines,
    posts,
    questions,
    shapes,
    shares,
    tickets,
    tweets,
)
from zoo.data.toys.toy import Toy

__all__ = ["TOYS"]

# The checker of specs has the same names in zoo/spec/toys.py: it may not import this room.
TOYS: Mapping[str, Toy] = MappingProxyType(
    {
        "headlines": headlines.TOY,
        "shares": shares.TOY,
        "tweets": tweets.TOY,
        "questions": questions.TOY,
        "documents": documents.TOY,
        "posts": posts.TOY,
        "tickets": tickets.TOY,
        "digits": digits.TOY,
        "digit_pairs": digit_pairs.TOY,
        "filters": filters.TOY,
        "shapes": shapes.TOY,
    }
)
