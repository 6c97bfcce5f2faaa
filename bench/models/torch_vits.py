"""The flow and the decoder of vits.mjs in PyTorch on the CPU, which are most of it: prints one JSON object. Change both."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)
torch.manual_seed(0)
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
frames, width, channels = 335, 192, 512


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


def median(values):
    return sorted(values)[len(values) // 2]


flow, decoder = nn.Sequential(*(Coupling() for _ in range(4))), Decoder()
times = {"flow": [], "decoder": [], "busy": []}
with torch.inference_mode():
    for _ in range(runs + 1):
        x = torch.randn(1, width, frames)
        busy = time.process_time()
        began = time.perf_counter()
        z = flow(x)
        flowed = time.perf_counter()
        decoder(z)
        times["decoder"].append((time.perf_counter() - flowed) * 1000)
        times["flow"].append((flowed - began) * 1000)
        times["busy"].append((time.process_time() - busy) * 1000)
figures = {name: median(values[1:]) for name, values in times.items()}
print(json.dumps({"engine": {"name": "torch", "version": torch.__version__}, "figures": figures}))
