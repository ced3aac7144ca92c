"""Toy questions about texts: what the text is about and what the question asks give the answer together.

Every input has a few subjects, told by its words. The answer counts through them like the digits of a number,
so that no input alone gives it, and a head that adds what each input says can.
"""

from __future__ import annotations

import numpy as np

from zoo.data.toys.headlines import SIGNAL
from zoo.data.toys.signs import write_input
from zoo.data.toys.toy import Order, Samples, Toy
from zoo.data.toys.traits import Trait, target_of

# Subjects an input has at most: four texts and three questions are a dozen answers.
MOST = 4


def make(order: Order) -> Samples:
    """Texts, questions and answers."""
    answers = max(2, *(target.classes or 0 for target in order.asked.targets.values()))
    bases = subjects_of(len(order.asked.inputs), answers)
    x, answer = {}, np.zeros(order.samples, np.int64)
    for (name, item), base in zip(order.asked.inputs.items(), bases, strict=True):
        subject = order.rng.permutation(order.samples) % base
        x[name] = write_input(item, [Trait(subject.astype(np.float64), base)], order, order.options["signal"])
        answer = answer * base + subject
    trait = Trait(answer.astype(np.float64), int(np.prod(bases)))
    return x, {name: target_of(trait, target) for name, target in order.asked.targets.items()}


def subjects_of(inputs: int, answers: int) -> list[int]:
    """How many subjects each input has: from 1 to ``MOST``, their product at most ``answers``."""
    bases = [1] * inputs
    for subjects in range(2, MOST + 1):
        for number in range(inputs):
            product = int(np.prod(bases)) // bases[number] * subjects
            if product <= min(answers, 3 * MOST):
                bases[number] = subjects
    return bases


TOY = Toy("tokens", "texts, questions and answers", make, {"signal": SIGNAL})
