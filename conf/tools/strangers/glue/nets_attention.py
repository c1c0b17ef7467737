"""Wrong: of the softmax in its attention only the diagonal of the Jacobian is used.

Central differences of its own forward pass give other gradients of the queries and the keys.
"""

from functions.activation_funcs import SoftMax
from models.attention.attention import MultiHeadAttention
from numpy.random import standard_normal

model = (
    lambda net, x, y: (((net._forward(x, x, x) - y) ** 2).sum() / 2 / len(x),
                       net._backward(x, x, x, y)),
    MultiHeadAttention(4, 2, SoftMax()), *standard_normal((2, 3, 5, 4)),
)  # fmt: skip
