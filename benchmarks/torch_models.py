"""Three models of the zoo written by hand in PyTorch, with Keras's weights. Needs torch and nothing of ours.

Keras's LSTM has its gates in the order i, f, c, o, as PyTorch has them (i, f, g, o), and one bias where
PyTorch has two. Its `same` padding of an even kernel is one step longer behind than before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

Arrays = list[np.ndarray]


def tensor(array: np.ndarray) -> torch.Tensor:
    """A copy that torch may own."""
    return torch.tensor(np.ascontiguousarray(array))


def lstm(weights: Arrays) -> nn.LSTM:
    """An LSTM of Keras's kernel, recurrent kernel and bias."""
    kernel, recurrent, bias = weights
    layer = nn.LSTM(kernel.shape[0], recurrent.shape[0], batch_first=True)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(tensor(kernel.T))
        layer.weight_hh_l0.copy_(tensor(recurrent.T))
        layer.bias_ih_l0.copy_(tensor(bias))
        layer.bias_hh_l0.zero_()
    return layer


def linear(weights: Arrays) -> nn.Linear:
    """A Dense layer."""
    kernel, bias = weights
    layer = nn.Linear(*kernel.shape)
    with torch.no_grad():
        layer.weight.copy_(tensor(kernel.T))
        layer.bias.copy_(tensor(bias))
    return layer


class Conv(nn.Module):
    """A Conv2D of Keras's weights, on (batch, channel, time, feature), and the leaky ReLU after it."""

    def __init__(self, weights: Arrays, strides: tuple[int, int] = (1, 1), same: bool = True) -> None:
        super().__init__()
        kernel, bias = weights
        self.layer = nn.Conv2d(kernel.shape[2], kernel.shape[3], kernel.shape[:2], strides)
        with torch.no_grad():
            self.layer.weight.copy_(tensor(kernel.transpose(3, 2, 0, 1)))
            self.layer.bias.copy_(tensor(bias))
        height = kernel.shape[0] - 1 if same else 0
        self.pad = (0, 0, height // 2, height - height // 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.leaky_relu(self.layer(functional.pad(x, self.pad)), 0.01)


class Hrnn(nn.Module):
    """`hrnn_lob`: an LSTM over the numbers of a snapshot, one over the snapshots."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        self.row, self.window, self.direction = lstm(weights[:3]), lstm(weights[3:6]), linear(weights[6:])

    def forward(self, book: torch.Tensor) -> tuple[torch.Tensor, ...]:
        batch, time, *rest = book.shape
        codes = self.row(book.reshape(batch * time, *rest))[0][:, -1].reshape(batch, time, -1)
        return (self.direction(self.window(codes)[0][:, -1]).softmax(-1),)


class DeepLob(nn.Module):
    """`deeplob`: convolutions over levels and time, an inception block, an LSTM."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        pairs = [weights[place : place + 2] for place in range(0, 28, 2)]
        levels = []
        for block in range(3):
            first, *others = pairs[3 * block : 3 * block + 3]
            levels.append(Conv(first, (1, first[0].shape[1]), same=False))
            levels += [Conv(other) for other in others]
        self.levels = nn.Sequential(*levels)
        one, two, three, four, five = pairs[9:]
        self.first = nn.Sequential(Conv(one), Conv(three))
        self.second = nn.Sequential(Conv(two), Conv(four))
        self.third = nn.Sequential(nn.MaxPool2d((3, 1), 1, (1, 0)), Conv(five))
        self.time, self.direction = lstm(weights[28:31]), linear(weights[31:])

    def forward(self, book: torch.Tensor) -> tuple[torch.Tensor, ...]:
        code = self.levels(book.permute(0, 3, 1, 2))
        code = torch.cat([self.first(code), self.second(code), self.third(code)], 1)
        return (self.direction(self.time(code[..., 0].permute(0, 2, 1))[0][:, -1]).softmax(-1),)


class Headline(nn.Module):
    """`headline`: words and facts, a main output and one of the words alone."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(tensor(weights[0]), freeze=False)
        self.text = lstm(weights[1:4])
        pairs = [weights[place : place + 2] for place in range(4, 14, 2)]
        self.hidden = nn.ModuleList(linear(pair) for pair in pairs[:3])
        self.main, self.aux = linear(pairs[3]), linear(pairs[4])

    def forward(self, words: torch.Tensor, facts: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.of_codes(self.embedding(words.long()), facts)

    def of_codes(self, words: torch.Tensor, facts: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The outputs, from what the embedding makes of the words."""
        text = self.text(words)[0][:, -1]
        code = torch.cat([text, facts], 1)
        for layer in self.hidden:
            code = layer(code).relu()
        return self.main(code).sigmoid(), self.aux(text).sigmoid()


MODELS = {"hrnn_lob": Hrnn, "deeplob": DeepLob, "headline": Headline}


def build(name: str, weights: Sequence[np.ndarray]) -> nn.Module:
    """A model in evaluation mode."""
    return MODELS[name](list(weights)).eval()
