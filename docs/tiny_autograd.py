"""Reverse-mode automatic differentiation from nothing, after Karpathy's micrograd."""

from math import exp


class Value:
    """A number that remembers how it was made: its sources, each with the local slope."""

    def __init__(self, data, sources=()):
        self.data, self.sources, self.grad = data, sources, 0.0

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def sigmoid(self):
        a = 1 / (1 + exp(-self.data))
        return Value(a, ((self, a * (1 - a)),))

    def backward(self):
        """Fill grad of everything that this number depends on."""
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for source, _ in value.sources:
                    visit(source)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in value.sources:
                source.grad += slope * value.grad
