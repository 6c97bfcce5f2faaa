"""The reference networks of networks.mjs in PyTorch on the CPU: prints one JSON object. Change both together."""
import json
import sys
import time

import torch
from torch import nn

torch.manual_seed(0)
budget = float(sys.argv[1]) / 1000 if len(sys.argv) > 1 else 3.0


def convolutions():
    net = nn.Sequential(
        nn.Conv1d(64, 128, 5, padding=2), nn.ReLU(),
        nn.Conv1d(128, 128, 5, padding=2), nn.ReLU(),
        nn.Conv1d(128, 80, 5, padding=2),
    )
    return net, torch.randn(16, 64, 100)


def table():
    net = nn.Sequential(
        nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    return net, torch.randn(32, 64)


def keywords():
    blocks = [nn.ZeroPad2d((1, 1, 4, 4)), nn.Conv2d(1, 64, (10, 4), stride=2), nn.ReLU()]
    for _ in range(4):
        blocks += [nn.Conv2d(64, 64, 3, padding=1, groups=64), nn.Conv2d(64, 64, 1), nn.ReLU()]
    net = nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    return net, torch.randn(32, 1, 98, 40)


def perceptron():
    net = nn.Sequential(nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    return net, torch.randn(32, 512)


def transformer():
    block = nn.TransformerEncoderLayer(192, 4, 768, dropout=0.0, batch_first=True, norm_first=True)
    return nn.TransformerEncoder(block, 4, enable_nested_tensor=False), torch.randn(16, 100, 192)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, num_layers=2, batch_first=True, bidirectional=True)

    def forward(self, x):
        return self.lstm(x)[0]


def recurrent():
    return Recurrent(), torch.randn(16, 100, 64)


def measure(net, x):
    y = torch.randn_like(net(x))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(3):
        step()
    taken = []
    began = time.perf_counter()
    while len(taken) < 5 or time.perf_counter() - began < budget:
        at, cpu = time.perf_counter(), time.process_time()
        step()
        taken.append((1000 * (time.perf_counter() - at), 1000 * (time.process_time() - cpu)))
    fast = len(taken) // 10
    return {"ms": sorted(t[0] for t in taken)[fast], "busyMs": sorted(t[1] for t in taken)[fast]}


figures = {make.__name__: measure(*make()) for make in
           (convolutions, table, perceptron, keywords, transformer, recurrent)}
print(json.dumps({"engine": {"name": "torch", "version": torch.__version__}, "figures": figures}))
