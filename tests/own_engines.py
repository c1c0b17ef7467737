"""Engines of automatic differentiation as people write them for themselves, to be judged.

Each is a text, so that a test may change a line of it. All of them learn `net` from X and Y.
"""

SCALARS = """
import math, random

class Value:
    def __init__(self, data, children=()):
        self.data, self.grad = data, 0.0
        self._prev, self._backward = set(children), lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))
        def back():
            self.grad += out.grad
            other.grad += out.grad
        out._backward = back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))
        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._backward = back
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Value(t, (self,))
        def back():
            self.grad += (1 - t * t) * out.grad
        out._backward = back
        return out

    def backward(self):
        topo, visited = [], set()
        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)
        build(self)
        self.grad = 1.0
        for v in reversed(topo):
            v._backward()

class Neuron:
    def __init__(self, n):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(n)]
        self.b = Value(0.1)
    def __call__(self, x):
        return sum((w * v for w, v in zip(self.w, x)), self.b).tanh()

class Net:
    def __init__(self):
        self.hidden, self.out = [Neuron(3), Neuron(3)], Neuron(2)
    def __call__(self, x):
        return self.out([n(x) for n in self.hidden])
    def parameters(self):
        return [p for n in [*self.hidden, self.out] for p in [*n.w, n.b]]

random.seed(1)
net, X, Y = Net(), [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5]], [1.0, -1.0]

def step(net, X, Y):
    for p in net.parameters():
        p.grad = 0.0
    errors = [net(x) + -y for x, y in zip(X, Y)]
    loss = sum((e * e for e in errors), Value(0.0))
    loss.backward()
    return loss
"""

CLOSURES = """
import numpy as np

class Tensor:
    def __init__(self, data, requires_grad=False, depends_on=()):
        self._data = np.asarray(data, float)
        self.requires_grad, self.depends_on = requires_grad, depends_on
        self.grad = Tensor(np.zeros(self._data.shape)) if requires_grad else None

    @property
    def data(self):
        return self._data

    @data.setter
    def data(self, new):
        self._data, self.grad = new, None

    def zero_grad(self):
        self.grad = Tensor(np.zeros(self.data.shape))

    def backward(self, grad=1.0):
        self.grad._data = self.grad._data + grad
        for other, function in self.depends_on:
            other.backward(function(grad))

def made(data, *depends_on):
    known = [(t, f) for t, f in depends_on if t.requires_grad]
    return Tensor(data, bool(known), known)

def summed(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return grad

def add(t, u):
    return made(t.data + u.data, (t, lambda g: summed(g, t.data.shape)),
                (u, lambda g: summed(g, u.data.shape)))

def mul(t, u):
    return made(t.data * u.data, (t, lambda g: g * u.data), (u, lambda g: g * t.data))

def matmul(t, u):
    return made(t.data @ u.data, (t, lambda g: g @ u.data.T), (u, lambda g: t.data.T @ g))

def tanh(t):
    y = np.tanh(t.data)
    return made(y, (t, lambda g: g * (1 - y ** 2)))

def total(t):
    return made(t.data.sum(), (t, lambda g: g * np.ones(t.data.shape)))

class Parameter(Tensor):
    def __init__(self, *shape):
        super().__init__(random.normal(size=shape), True)

class Net:
    def __init__(self):
        self.W1, self.b1, self.W2 = Parameter(3, 4), Parameter(4), Parameter(4, 2)
    def parameters(self):
        return [self.W1, self.b1, self.W2]
    def predict(self, X):
        return matmul(tanh(add(matmul(X, self.W1), self.b1)), self.W2)

random = np.random.default_rng(5)
net, X, Y = Net(), random.normal(size=(6, 3)), random.normal(size=(6, 2))

def step(net, X, Y):
    for p in net.parameters():
        p.zero_grad()
    e = add(net.predict(Tensor(X)), Tensor(-Y))
    loss = total(mul(e, e))
    loss.backward()
    return loss

def train(net, X, Y):
    loss = step(net, X, Y)
    for p in net.parameters():
        p.data = p.data - 0.125 * p.grad.data
    return loss.data

def of_its_script(X, Y):
    return step(net, X, Y)
"""

FUNCTIONS = """
import numpy as np

class Variable:
    def __init__(self, data):
        self.data, self.grad, self.creator, self.generation = data, None, None, 0

    def backward(self):
        self.grad = np.ones_like(self.data)
        waiting = [self.creator]
        while waiting:
            waiting.sort(key=lambda f: f.generation)
            f = waiting.pop()
            gradients = f.backward(f.output.grad)
            for x, g in zip(f.inputs, gradients):
                x.grad = g if x.grad is None else x.grad + g
                if x.creator is not None and x.creator not in waiting:
                    waiting.append(x.creator)

class Function:
    def __call__(self, *inputs):
        output = Variable(np.asarray(self.forward(*[x.data for x in inputs])))
        self.generation = max(x.generation for x in inputs)
        output.creator, output.generation = self, self.generation + 1
        self.inputs, self.output = inputs, output
        return output

class MatMul(Function):
    def forward(self, x, W):
        return x.dot(W)
    def backward(self, g):
        x, W = self.inputs
        return g.dot(W.data.T), x.data.T.dot(g)

class Sub(Function):
    def forward(self, a, b):
        return a - b
    def backward(self, g):
        return g, -g

class Sigmoid(Function):
    def forward(self, x):
        return 1 / (1 + np.exp(-x))
    def backward(self, g):
        y = self.output.data
        return (g * y * (1 - y),)

class MeanSquare(Function):
    def forward(self, e):
        return (e ** 2).mean()
    def backward(self, g):
        e = self.inputs[0].data
        return (g * 2 * e / e.size,)

random = np.random.default_rng(5)
net = {"W1": Variable(random.normal(size=(3, 4))), "W2": Variable(random.normal(size=(4, 2)))}
X, Y = random.normal(size=(6, 3)), random.normal(size=(6, 2))

def step(net, X, Y):
    for p in net.values():
        p.grad = None
    hidden = Sigmoid()(MatMul()(Variable(X), net["W1"]))
    loss = MeanSquare()(Sub()(MatMul()(hidden, net["W2"]), Variable(Y)))
    loss.backward()
    return loss
"""
