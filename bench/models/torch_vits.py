"""The voice of vits.mjs in PyTorch on the CPU, from letters to sound: prints one JSON object. Change both."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)
torch.manual_seed(0)
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
letters, frames, width, channels = 121, 335, 192, 512


class Residual(nn.Module):
    def __init__(self, channels, size):
        super().__init__()
        conv = lambda dilation: nn.Conv1d(
            channels, channels, size, dilation=dilation, padding=(size - 1) * dilation // 2)
        self.dilated = nn.ModuleList(conv(dilation) for dilation in (1, 3, 5))
        self.plain = nn.ModuleList(conv(1) for _ in range(3))

    def forward(self, x):
        for dilated, plain in zip(self.dilated, self.plain):
            x = x + plain(F.leaky_relu(dilated(F.leaky_relu(x, 0.1)), 0.1))
        return x


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(width, channels, 7, padding=3)
        self.up, self.blocks = nn.ModuleList(), nn.ModuleList()
        for i, (rate, size) in enumerate(((8, 16), (8, 16), (2, 4), (2, 4))):
            wide = channels // 2 ** (i + 1)
            self.up.append(nn.ConvTranspose1d(wide * 2, wide, size, rate, padding=(size - rate) // 2))
            self.blocks.append(nn.ModuleList(Residual(wide, size) for size in (3, 7, 11)))
        self.last = nn.Conv1d(wide, 1, 7, padding=3, bias=False)

    def forward(self, x):
        x = self.first(x)
        for up, blocks in zip(self.up, self.blocks):
            x = up(F.leaky_relu(x, 0.1))
            x = sum(block(x) for block in blocks) / len(blocks)
        return torch.tanh(self.last(F.leaky_relu(x)))


class Coupling(nn.Module):
    def __init__(self, layers=4):
        super().__init__()
        self.first, self.last = nn.Conv1d(width // 2, width, 1), nn.Conv1d(width, width // 2, 1)
        self.gates = nn.ModuleList(nn.Conv1d(width, 2 * width, 5, padding=2) for _ in range(layers))
        self.passes = nn.ModuleList(
            nn.Conv1d(width, 2 * width if i < layers - 1 else width, 1) for i in range(layers))

    def forward(self, x):
        known, rest = torch.flip(x, [1]).chunk(2, 1)
        state, output = self.first(known), 0
        for i, (gates, passes) in enumerate(zip(self.gates, self.passes)):
            values, gate = gates(state).chunk(2, 1)
            passed = passes(torch.tanh(values) * torch.sigmoid(gate))
            if i < len(self.gates) - 1:
                onward, passed = passed.chunk(2, 1)
                state = state + onward
            output = output + passed
        return torch.cat([known, rest - self.last(output)], 1)


class TextLayer(nn.Module):
    def __init__(self, heads=2, window=4, inner=768):
        super().__init__()
        self.heads, self.window = heads, window
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))
        self.near = nn.ParameterList(nn.Parameter(torch.randn(2 * window + 1, width // heads)) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2))
        self.widen, self.narrow = nn.Conv1d(width, inner, 3, padding=1), nn.Conv1d(inner, width, 3, padding=1)

    def table(self, which, length):
        missing = max(length - self.window - 1, 0)
        padded = F.pad(self.near[which], (0, 0, missing, missing))
        first = max(self.window + 1 - length, 0)
        return padded[first:first + 2 * length - 1]

    def forward(self, x):
        length, size = x.shape[0], width // self.heads
        apart = lambda y: y.view(length, self.heads, size).transpose(0, 1)
        q, k, v = apart(self.q(x) * size ** -0.5), apart(self.k(x)), apart(self.v(x))
        relative = F.pad(q @ self.table(0, length).T, (0, 1)).flatten(1)
        relative = F.pad(relative, (0, length - 1)).view(self.heads, length + 1, 2 * length - 1)
        shares = torch.softmax(q @ k.transpose(1, 2) + relative[:, :length, length - 1:], -1)
        spread = F.pad(F.pad(shares, (0, length - 1)).flatten(1), (length, 0))
        spread = spread.view(self.heads, length, 2 * length)[:, :, 1:]
        mixed = shares @ v + spread @ self.table(1, length)
        x = self.norms[0](x + self.out(mixed.transpose(0, 1).reshape(length, width)))
        return self.norms[1](x + self.narrow(F.relu(self.widen(x.T[None])))[0].T)


class Text(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(45, width)
        self.layers = nn.ModuleList(TextLayer() for _ in range(6))
        self.project = nn.Conv1d(width, 2 * width, 1)

    def forward(self, ids):
        x = self.letters(ids) * width ** 0.5
        for layer in self.layers:
            x = layer(x)
        return x.T[None], self.project(x.T[None])


class Separable(nn.Module):
    def __init__(self, layers=3, size=3):
        super().__init__()
        self.deep = nn.ModuleList(
            nn.Conv1d(width, width, size, groups=width, dilation=size ** i, padding=(size ** (i + 1) - size ** i) // 2)
            for i in range(layers))
        self.point = nn.ModuleList(nn.Conv1d(width, width, 1) for _ in range(layers))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(2 * layers))

    def forward(self, x, given=None):
        x = x if given is None else x + given
        for i, (deep, point) in enumerate(zip(self.deep, self.point)):
            y = F.gelu(self.norms[2 * i](deep(x).transpose(1, 2))).transpose(1, 2)
            x = x + F.gelu(self.norms[2 * i + 1](point(y).transpose(1, 2))).transpose(1, 2)
        return x


class Spline(nn.Module):
    """Reversed, inside its tails; where inputs are outside, the numbers are thrown away."""

    def __init__(self, bins=10, bound=5.0):
        super().__init__()
        self.bins, self.bound = bins, bound
        self.before, self.deep = nn.Conv1d(1, width, 1), Separable()
        self.after = nn.Conv1d(width, 3 * bins - 1, 1)

    def forward(self, x, given):
        first, second = x.flip(1).chunk(2, 1)
        h = self.after(self.deep(self.before(first), given)).transpose(1, 2)[0]
        edges = lambda part: F.pad(torch.cumsum(1e-3 + (1 - 1e-3 * self.bins) * torch.softmax(part / width ** 0.5, -1), -1), (1, 0)) * 2 * self.bound - self.bound
        across, up = edges(h[:, :self.bins]), edges(h[:, self.bins:2 * self.bins])
        slopes = 1e-3 + F.softplus(F.pad(h[:, 2 * self.bins:], (1, 1), value=0.5397))
        y = second[0, 0].clamp(-self.bound, self.bound)
        at = (torch.sum(y[:, None] >= up, -1) - 1).clamp(0, self.bins - 1)[:, None]
        take = lambda values, i: values.gather(1, i)[:, 0]
        left, low = take(across, at), take(up, at)
        wide, high = take(across, at + 1) - left, take(up, at + 1) - low
        delta, d0, d1 = high / wide, take(slopes, at), take(slopes, at + 1)
        rise = y - low
        a = rise * (d0 + d1 - 2 * delta) + high * (delta - d0)
        b = high * d0 - rise * (d0 + d1 - 2 * delta)
        root = 2 * -delta * rise / (-b - torch.sqrt((b * b + 4 * a * delta * rise).clamp(min=0)))
        inside = second[0, 0].abs() <= self.bound
        return torch.cat([first, torch.where(inside, root * wide + left, second[0, 0])[None, None]], 1)


class Durations(nn.Module):
    def __init__(self):
        super().__init__()
        self.before, self.deep, self.after = nn.Conv1d(width, width, 1), Separable(), nn.Conv1d(width, width, 1)
        self.flows = nn.ModuleList(Spline() for _ in range(3))

    def forward(self, x):
        given = self.after(self.deep(self.before(x)))
        noise = torch.randn(1, 2, x.shape[2]) * 0.8
        for flow in self.flows:
            noise = flow(noise, given)
        return noise[:, :1]


def median(values):
    return sorted(values)[len(values) // 2]


text, durations = Text(), Durations()
flow, decoder = nn.Sequential(*(Coupling() for _ in range(4))), Decoder()
parts = ("encoder", "durations", "flow", "decoder", "total", "busy, total")
times = {part: [] for part in parts}
with torch.inference_mode():
    ids = torch.arange(letters) % 45
    owners = torch.arange(frames) * letters // frames
    for _ in range(runs + 1):
        marks, busy = [time.perf_counter()], time.process_time()
        hidden, prior = text(ids)
        marks.append(time.perf_counter())
        durations(hidden)
        marks.append(time.perf_counter())
        z = flow(prior[:, :width, owners])
        marks.append(time.perf_counter())
        decoder(z)
        marks.append(time.perf_counter())
        for part, begin, end in zip(parts, marks, marks[1:]):
            times[part].append((end - begin) * 1000)
        times["total"].append((marks[-1] - marks[0]) * 1000)
        times["busy, total"].append((time.process_time() - busy) * 1000)
figures = {name: median(values[1:]) for name, values in times.items()}
print(json.dumps({"engine": {"name": "torch", "version": torch.__version__}, "figures": figures}))
