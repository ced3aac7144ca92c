"""Models of the zoo written by hand in PyTorch, with Keras's weights. Needs torch and nothing of ours.

Keras's LSTM has its gates in the order i, f, c, o, as PyTorch has them (i, f, g, o), and one bias where
PyTorch has two. Its GRU has two biases as well, and the gates z, r, h where PyTorch has r, z, n. Its `same`
padding of an even kernel is one step longer behind than before.
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


def gru(weights: Arrays) -> nn.GRU:
    """A GRU of Keras's kernel, recurrent kernel and pair of biases."""
    kernel, recurrent, (inner, outer) = weights
    layer = nn.GRU(kernel.shape[0], recurrent.shape[0], batch_first=True)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(tensor(_reset_first(kernel).T))
        layer.weight_hh_l0.copy_(tensor(_reset_first(recurrent).T))
        layer.bias_ih_l0.copy_(tensor(_reset_first(inner)))
        layer.bias_hh_l0.copy_(tensor(_reset_first(outer)))
    return layer


def _reset_first(gates: np.ndarray) -> np.ndarray:
    update, reset, candidate = np.split(gates, 3, axis=-1)
    return np.concatenate([reset, update, candidate], axis=-1)


def linear(weights: Arrays) -> nn.Linear:
    """A Dense layer, with or without a bias."""
    kernel, *bias = weights
    layer = nn.Linear(*kernel.shape, bias=bool(bias))
    with torch.no_grad():
        layer.weight.copy_(tensor(kernel.T))
        if bias:
            layer.bias.copy_(tensor(bias[0]))
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


class Gru(nn.Module):
    """`gru_lob`: two GRUs, one on the other."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        self.first, self.second, self.up = gru(weights[:3]), gru(weights[3:6]), linear(weights[6:])

    def forward(self, book: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return (self.up(self.second(self.first(book)[0])[0][:, -1]).sigmoid(),)


class Normalization(nn.Module):
    """BiN: the window standardised over the features of each step, and over the steps of each feature."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        parameters = (nn.Parameter(tensor(item)) for item in weights)
        self.step_scale, self.step_bias, self.feature_scale, self.feature_bias, *shares = parameters
        self.over_features, self.over_time = shares

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        by_step = self.step_scale * _standard(x, 2) + self.step_bias
        by_feature = self.feature_scale * _standard(x, 1) + self.feature_bias
        return self.over_features * by_step + self.over_time * by_feature


def _standard(x: torch.Tensor, axis: int) -> torch.Tensor:
    variance, mean = torch.var_mean(x, axis, correction=0, keepdim=True)
    return (x - mean) / torch.where(variance < 1e-8, torch.ones_like(variance), variance).sqrt()


class Bilinear(nn.Module):
    """BL: relu(W1 X W2 + B)."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        self.features, self.time, self.bias = (nn.Parameter(tensor(item)) for item in weights)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (self.time.T @ (x @ self.features) + self.bias).relu()

    def kernels(self) -> list[torch.Tensor]:
        return [self.features, self.time]


class Attention(nn.Module):
    """TABL: each mixed feature has its steps weighed by a softmax over time; then the steps are mixed."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        parameters = (nn.Parameter(tensor(item)) for item in weights)
        self.features, self.weighing, self.time, self.bias, self.mix = parameters
        self.register_buffer("eye", torch.eye(len(self.weighing)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mixed = x @ self.features
        # the diagonal is not learned: it is one over the number of steps
        weighing = torch.where(self.eye > 0, 1 / len(self.eye), self.weighing)
        attended = mixed * (weighing.T @ mixed).softmax(1)
        return self.time.T @ (self.mix * mixed + (1 - self.mix) * attended) + self.bias

    def kernels(self) -> list[torch.Tensor]:
        return [self.features, self.weighing, self.time]


class BinCtabl(nn.Module):
    """`bin_ctabl`: normalisation, two bilinear layers, one with attention."""

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        self.normalization, self.attention = Normalization(weights[:6]), Attention(weights[12:])
        self.first, self.second = Bilinear(weights[6:9]), Bilinear(weights[9:12])
        self.dropout = nn.Dropout(0.1)

    def forward(self, book: torch.Tensor) -> tuple[torch.Tensor, ...]:
        code = self.dropout(self.first(self.normalization(book)))
        return (self.attention(self.dropout(self.second(code))).flatten(1).softmax(-1),)

    @torch.no_grad()
    def constrain(self) -> None:
        """What the spec asks of the weights after each step."""
        kernels = [
            kernel for layer in (self.first, self.second, self.attention) for kernel in layer.kernels()
        ]
        for kernel in kernels:
            kernel.mul_(10.0 / kernel.norm().clamp_min(10.0))
        self.attention.mix.clamp_(0, 1)
        self.normalization.over_features.clamp_min_(0)
        self.normalization.over_time.clamp_min_(0)


class Transformer(nn.Module):
    """`lob_transformer`: two encoders over the snapshots, and their mean."""

    HEADS, STEPS = 8, 100

    def __init__(self, weights: Arrays) -> None:
        super().__init__()
        self.book, self.direction = linear(weights[:1]), linear(weights[-2:])
        self.encoders = nn.ModuleList(
            self._encoder(weights[place : place + 16]) for place in range(1, len(weights) - 2, 16)
        )
        self.register_buffer("positions", waves(self.STEPS, len(weights[-2])))

    def _encoder(self, weights: Arrays) -> nn.TransformerEncoderLayer:
        *attention, out, out_bias, gamma, beta = weights[:10]
        width, inner = weights[10].shape
        layer = nn.TransformerEncoderLayer(width, self.HEADS, inner, dropout=0.1, batch_first=True)
        with torch.no_grad():
            kernels = [kernel.reshape(width, width).T for kernel in attention[::2]]
            layer.self_attn.in_proj_weight.copy_(tensor(np.concatenate(kernels)))
            layer.self_attn.in_proj_bias.copy_(
                tensor(np.concatenate([bias.ravel() for bias in attention[1::2]]))
            )
            layer.self_attn.out_proj.weight.copy_(tensor(out.reshape(width, width).T))
            layer.self_attn.out_proj.bias.copy_(tensor(out_bias))
        layer.linear1, layer.linear2 = linear(weights[10:12]), linear(weights[12:14])
        for norm, (scale, shift) in ((layer.norm1, (gamma, beta)), (layer.norm2, weights[14:])):
            norm.load_state_dict({"weight": tensor(scale), "bias": tensor(shift)})
        return layer

    def forward(self, book: torch.Tensor) -> tuple[torch.Tensor, ...]:
        code = self.book(book) + self.positions
        for encoder in self.encoders:
            code = encoder(code)
        return (self.direction(code.mean(1)).softmax(-1),)


def waves(time: int, features: int) -> torch.Tensor:
    """(time, feature) sines at the even features and cosines at the odd ones, of the step's number."""
    wavelength = 10_000 ** (np.arange(0, features, 2) / features)
    angle = np.arange(time)[:, None] / wavelength
    return tensor(
        np.stack([np.sin(angle), np.cos(angle)], -1).reshape(time, -1)[:, :features].astype(np.float32)
    )


MODELS = {
    "hrnn_lob": Hrnn,
    "deeplob": DeepLob,
    "bin_ctabl": BinCtabl,
    "gru_lob": Gru,
    "lob_transformer": Transformer,
    "headline": Headline,
}


def build(name: str, weights: Sequence[np.ndarray]) -> nn.Module:
    """A model in evaluation mode."""
    return MODELS[name](list(weights)).eval()
