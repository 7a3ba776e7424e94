"""The architecture of CONFIGS["tiny"] in plain PyTorch, timed like the other contenders.

python -m benchmarks.torch_tiny '{"batch": 64, "steps": 13, "calls": 3, "compiled": false}'
"""

import itertools
import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from .peak import peak_mb


class Block(nn.Module):
    """A pre-norm block on tokens (B, N, D)."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
        self.qkv, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x):
        batch, tokens, width = x.shape
        qkv = self.qkv(self.norm_1(x)).view(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value)
        x = x + self.output(mixed.transpose(1, 2).reshape(batch, tokens, width))
        return x + self.mlp(self.norm_2(x))


class Tiny(nn.Module):
    """Images uint8 (B, 32, 32, 3) to logits (B, 100)."""

    def __init__(self, width=64, blocks=4, heads=4):
        super().__init__()
        self.projection = nn.Linear(48, width)
        self.register_buffer("position", torch.randn(64, width))
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(blocks)])
        self.norm, self.logits = nn.LayerNorm(width, eps=1e-6), nn.Linear(width, 100)

    def forward(self, images):
        x = (images.float() - 127) / 54
        x = x.view(-1, 8, 4, 8, 4, 3).permute(0, 1, 3, 2, 4, 5).reshape(-1, 64, 48)
        return self.logits(self.norm(self.blocks(self.projection(x) + self.position)).mean(1))


def main(batch=64, steps=13, calls=3, compiled=False):
    torch.manual_seed(0)
    started = time.perf_counter()
    model = Tiny()
    optimizer = torch.optim.AdamW(model.parameters(), 3e-3, weight_decay=0.05, fused=True)
    forward = torch.compile(model) if compiled else model
    images = torch.randint(0, 256, (2 * steps, batch, 32, 32, 3), dtype=torch.uint8)
    labels = torch.randint(0, 100, (2 * steps, batch))
    ends = []
    for call in range(1 + calls):
        for step in range(steps):
            i = (call * steps + step) % len(images)
            loss = F.cross_entropy(forward(images[i]), labels[i], label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        loss.item()
        ends.append(time.perf_counter())
    seconds = statistics.median(b - a for a, b in itertools.pairwise(ends))
    return {
        "images_per_second": batch * steps / seconds,
        "first_seconds": ends[0] - started,
        "peak_mb": peak_mb(),
        "parameters": sum(p.numel() for p in model.parameters()),
    }


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
