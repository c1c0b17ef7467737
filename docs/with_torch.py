"""A backward of one's own in torch, and which equation it breaks."""

import numpy as np
import torch
from torch import nn

from proofs import check_backprop, sigmoid, softmax
from proofs.adapters import from_torch


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        a = 1 / (1 + torch.exp(-z))
        ctx.save_for_backward(a)
        return a

    @staticmethod
    def backward(ctx, error):
        (a,) = ctx.saved_tensors
        return error * (1 - a)  # should be error * a * (1 - a)


class HandWritten(nn.Module):
    def forward(self, z):
        return Sigmoid.apply(z)


model = nn.Sequential(nn.Linear(4, 5), HandWritten(), nn.Linear(5, 3)).double()
subject = from_torch(model, nn.CrossEntropyLoss(), activations=[sigmoid, softmax])

random = np.random.default_rng(0)
x, y = random.standard_normal((4, 7)), np.eye(3)[:, random.integers(3, size=7)]
report = check_backprop(subject, subject.network, x, y)
assert report.summary == "Broken: BP2 at layer 2."
