"""The networks of transformers.mjs in PyTorch on the CPU, without their embeddings: prints one JSON object. Change both."""
import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(2)
torch.manual_seed(0)
runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
only = sys.argv[2] if len(sys.argv) > 2 else ""


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.out = (nn.Linear(width, width) for _ in range(4))

    def apart(self, x):
        return x.view(1, -1, self.heads, x.shape[-1] // self.heads).transpose(1, 2)

    def forward(self, x, keys, values):
        mixed = F.scaled_dot_product_attention(self.apart(self.q(x)), keys, values)
        return self.out(mixed.transpose(1, 2).reshape(1, -1, x.shape[-1]))


class Layer(nn.Module):
    def __init__(self, width, heads, inner, first=False, cross=False, gelu="none"):
        super().__init__()
        self.gelu = gelu
        self.first, self.own = first, Attention(width, heads)
        self.cross = Attention(width, heads) if cross else None
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x, past=None, heard=None):
        y = self.norms[0](x) if self.first else x
        keys, values = self.own.apart(self.own.k(y)), self.own.apart(self.own.v(y))
        if past is not None:
            keys, values = torch.cat([past[0], keys], 2), torch.cat([past[1], values], 2)
        x = x + self.own(y, keys, values)
        if self.cross is not None:
            x = x + self.cross(self.norms[2](x), *heard)
        if self.first:
            return x + self.narrow(F.gelu(self.widen(self.norms[1](x)), approximate=self.gelu))
        x = self.norms[0](x)
        return self.norms[1](x + self.narrow(F.gelu(self.widen(x))))


class Speech(nn.Module):
    def __init__(self):
        super().__init__()
        shapes = zip((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2))
        self.convs = nn.ModuleList(
            nn.Conv1d(1 if i == 0 else 512, 512, k, s, bias=False) for i, (k, s) in enumerate(shapes))
        self.group, self.norm = nn.GroupNorm(512, 512), nn.LayerNorm(512)
        self.projection = nn.Linear(512, 768)
        self.positions = nn.Conv1d(768, 768, 128, padding=64, groups=16)
        self.layers = nn.ModuleList(Layer(768, 12, 3072) for _ in range(12))
        self.head = nn.Linear(768, 40)

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = conv(x)
            x = F.gelu(self.group(x) if i == 0 else x)
        x = self.projection(self.norm(x.transpose(1, 2)))
        x = x + F.gelu(self.positions(x.transpose(1, 2))[:, :, :-1]).transpose(1, 2)
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


class Ear(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv1d(80, 384, 3, padding=1), nn.Conv1d(384, 384, 3, 2, padding=1)])
        self.layers = nn.ModuleList(Layer(384, 6, 1536, first=True) for _ in range(4))

    def forward(self, x):
        for conv in self.convs:
            x = F.gelu(conv(x))
        x = x.transpose(1, 2)
        for layer in self.layers:
            x = layer(x)
        return x


class Mouth(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(Layer(384, 6, 1536, first=True, cross=True) for _ in range(4))
        self.norm, self.words = nn.LayerNorm(384), nn.Linear(384, 51865, bias=False)
        self.embedding, self.places = nn.Embedding(51865, 384), nn.Embedding(448, 384)
        self.words.weight = self.embedding.weight
        self.past = torch.randn(2, 1, 6, 20, 64)
        self.heard = torch.randn(2, 1, 6, 1500, 64)

    def forward(self, x):
        x = self.embedding(torch.tensor([[7]])) + self.places(torch.tensor([[20]]))
        for layer in self.layers:
            x = layer(x, self.past, self.heard)
        return self.words(self.norm(x))


class Writer(nn.Module):
    """GPT-2 117M after 64 tokens: the next one, its keys and values beside those before, as torch.cat puts them."""

    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(50257, 768), nn.Embedding(1024, 768)
        self.layers = nn.ModuleList(Layer(768, 12, 3072, first=True, gelu="tanh") for _ in range(12))
        self.norm, self.past = nn.LayerNorm(768), [torch.randn(2, 1, 12, 64, 64) for _ in range(12)]

    def forward(self, x):
        x = self.words(torch.tensor([[7]])) + self.places(torch.tensor([[64]]))
        for layer, past in zip(self.layers, self.past):
            x = layer(x, past)
        return self.norm(x) @ self.words.weight.T


def encoder():
    return nn.Sequential(*(Layer(768, 12, 3072) for _ in range(12)))


cases = {
    "BERT base, 128 tokens": (encoder, (1, 128, 768), runs),
    "Wav2Vec2 base, 10 s": (Speech, (1, 1, 160000), runs),
    "Whisper tiny, encoder": (Ear, (1, 80, 3000), runs),
    "Whisper tiny, token": (Mouth, (1, 1, 384), 30),
    "GPT-2 117M, token": (Writer, (1, 1, 768), 30),
}
figures = {}
with torch.inference_mode():
    for name, (make, shape, count) in cases.items():
        if not name.startswith(only):
            continue
        network, wall, busy = make().eval(), [], []
        for _ in range(count + 1):
            x = torch.randn(*shape)
            cpu, began = time.process_time(), time.perf_counter()
            network(x)
            wall.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - cpu) * 1000)
        figures[name] = sorted(wall[1:])[count // 2]
        figures[f"{name}, busy"] = sorted(busy[1:])[count // 2]
print(json.dumps({"engine": {"name": "torch", "version": torch.__version__}, "figures": figures}))
