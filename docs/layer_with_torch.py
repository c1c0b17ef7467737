"""A softmax of one's own in torch, whose backward drops the sum over k."""

import torch

from proofs import check_layer


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, s):
        p = torch.exp(s - s.amax(dim=-1, keepdim=True))
        p = p / p.sum(dim=-1, keepdim=True)
        ctx.save_for_backward(p)
        return p

    @staticmethod
    def backward(ctx, dout):
        (p,) = ctx.saved_tensors
        # should be p * (dout - (dout * p).sum(dim=-1, keepdim=True))
        return p * (1 - p) * dout


report = check_layer(Softmax, torch.tensor([[0.0, 1.0, 2.0]]))
print(report)
assert not report.holds
