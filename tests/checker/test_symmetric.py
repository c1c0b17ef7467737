"""How the gradient of a symmetric matrix is split between its two triangles is a convention."""

import numpy as np
import pytest

from proofs.checker.check_layer import check_layer

random = np.random.default_rng(0)
A = random.standard_normal((3, 3))
S = A @ A.T + 3 * np.eye(3)


def cholesky_forward(S):
    """The factor of a covariance."""
    L = np.linalg.cholesky(S)
    return L, L


def in_full(delta, L):
    """Murray's formula as it comes out, which is neither symmetric nor triangular."""
    inner = np.tril(L.T @ delta)
    inner = inner - 0.5 * np.diag(np.diag(inner))
    back = np.linalg.inv(L)
    return back.T @ inner @ back


def symmetrised(delta, L):
    """The same, as torch and JAX give it."""
    G = in_full(delta, L)
    return (G + G.T) / 2


def at_both(delta, L):
    """All of a number's gradient at both places, as in books of matrix formulas."""
    G = in_full(delta, L)
    return G + G.T - np.diag(np.diag(G))


def lower(delta, L):
    """All of it in the triangle that NumPy reads."""
    return np.tril(at_both(delta, L))


def eigh_forward(S):
    """The eigenvalues."""
    w, V = np.linalg.eigh(S)
    return w, V


def logdet_forward(S):
    """A logarithm of a determinant."""
    return np.linalg.slogdet(S)[1], S


def inverse_forward(S):
    """A precision matrix."""
    P = np.linalg.inv(S)
    return P, P


def gauss_forward(x, S):
    """The negative log-likelihood of a Gaussian."""
    L = np.linalg.cholesky(S)
    z = np.linalg.solve(L, x)
    return 0.5 * z @ z + np.log(np.diag(L)).sum(), (x, S)


def gauss_backward(delta, cache):
    """With the textbook's symmetric gradient of S."""
    x, S = cache
    P = np.linalg.inv(S)
    return delta * P @ x, delta * 0.5 * (P - np.outer(P @ x, P @ x))


def half(G):
    """The symmetric part."""
    return (G + G.T) / 2


def squared_forward(S):
    """The square, by the eigenvalues."""
    w, V = np.linalg.eigh(S)
    return V * w**2 @ V.T, S


def squared_backward(delta, S):
    """Right for equal eigenvalues too, though their vectors are any."""
    return half(S @ delta + delta @ S)


def each_forward(S):
    """The factors of several covariances, one by one."""
    L = np.stack([np.linalg.cholesky(one) for one in S])
    return L, L


def each_backward(delta, L):
    """Murray's formula for each."""
    return np.stack([in_full(d, factor) for d, factor in zip(delta, L, strict=True)])


RIGHT = [
    (cholesky_forward, in_full, S),
    (cholesky_forward, symmetrised, S),
    (cholesky_forward, at_both, S),
    (cholesky_forward, lower, S),
    (eigh_forward, lambda d, V: V @ np.diag(d) @ V.T, S),
    (logdet_forward, lambda d, S: d * np.linalg.inv(S), S),
    (logdet_forward, lambda d, S: d * (2 * np.linalg.inv(S) - np.diag(1 / np.diag(S))), np.eye(3)),
    (inverse_forward, lambda d, P: half(-P @ d @ P), S),
    (inverse_forward, lambda d, P: -P.T @ d @ P.T, S),
    (gauss_forward, gauss_backward, A[0], S),
    (lambda S: cholesky_forward(2 * S + np.eye(3)), lambda d, L: 2 * in_full(d, L), S),
    (squared_forward, squared_backward, np.eye(3)),
    (squared_forward, squared_backward, np.diag([2.0, 1.0, 2.0])),
    (each_forward, each_backward, np.stack([S, S + np.eye(3)])),
]


class TestBothConventionsHold:
    """A gradient that is right for symmetric changes of a symmetric matrix is never blamed."""

    @pytest.mark.parametrize("case", RIGHT)
    def test_each(self, case):
        """Symmetrised, in one triangle, at both places, or neither where one triangle is read."""
        report = check_layer(*case)
        assert report.holds, str(report)

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    def test_the_convention_is_said(self, method):
        """Which of them it is matters to whoever passes the gradient on."""
        said = str(check_layer(cholesky_forward, at_both, S, method=method))
        assert "dS: S is symmetric, so each number and its mirror image are one" in said
        assert "all of it stands at both places" in said
        assert "is symmetric" not in str(check_layer(cholesky_forward, lower, S, method=method))


class TestFaultsAreStillSeen:
    """What is wrong for symmetric changes too is flagged, against the symmetric gradient."""

    @pytest.mark.parametrize(
        ("forward", "backward", "says"),
        [
            (cholesky_forward, lambda d, L: 2 * symmetrised(d, L), "2 times what it should be"),
            (cholesky_forward, lambda d, L: -lower(d, L), "the sign is wrong"),
            (eigh_forward, lambda d, V: V.T @ np.diag(d) @ V, ""),
            (inverse_forward, lambda d, P: half(P @ d @ P), "the sign is wrong"),
            (squared_forward, lambda d, S: 2 * squared_backward(d, S), "2 times"),
        ],
    )
    def test_each(self, forward, backward, says):
        """A factor, a sign, a transpose."""
        report = check_layer(forward, backward, S)
        assert [row.quantity for row in report.violations] == ["dS"]
        assert says in str(report)

    def test_twice_a_gradient_without_a_diagonal(self):
        """Of distances it is a factor of 2 like any other, and no convention of matrices."""
        D = abs(A + A.T) * (1 - np.eye(3))
        report = check_layer(
            lambda D: (((D - 1) ** 2 * (1 - np.eye(3))).sum(), D),
            lambda d, D: d * 4 * (D - 1) * (1 - np.eye(3)),
            D,
        )
        assert [row.quantity for row in report.violations] == ["dD"]
        assert "2 times what it should be" in str(report)

    def test_a_transposed_gradient_of_a_matrix_that_is_symmetric_by_chance(self):
        """A weight that starts as the identity is no symmetric matrix to its layer."""
        report = check_layer(lambda x, W: (x @ W, (x, W)), transposed, A, np.eye(3))
        assert [row.quantity for row in report.violations] == ["dW"]

    @pytest.mark.parametrize("W", [np.eye(3), np.corrcoef(A)])
    def test_beside_a_matrix_of_which_a_triangle_is_read(self, W):
        """It is none either where the layer factors another matrix, or one made of it."""
        for made in (lambda W: S, lambda W: W @ W.T + np.eye(3)):
            report = check_layer(
                lambda x, W, S, made=made: (x @ W, np.linalg.cholesky(made(W)), (x, W)),
                lambda dx, dL, cache: (*transposed(dx, cache), 0 * S),
                A, W, S, delta=(A + 1, np.zeros((3, 3))),
            )  # fmt: skip
            assert [row.quantity for row in report.violations] == ["dW"]


def affine(x, W):
    """A layer that reads all numbers of its weight."""
    return x @ W, (x, W)


def score(q, W, k):
    """Bilinear attention."""
    return q @ W @ k.T, (q, W, k)


def flow(x, W):
    """An invertible layer, whose determinant is read too."""
    return x @ W, np.linalg.slogdet(W)[1], (x, W)


def once(G):
    """A triangle with all of it."""
    return np.tril(G + G.T) - np.diag(np.diag(G))


def distances(x, S):
    """Mahalanobis distances, in which mirror numbers do the same."""
    return np.einsum("ni,ij,nj->n", x, S, x), (x, S)


def checked(x, S):
    """A layer that takes no other matrix."""
    if not np.allclose(S, S.T):
        raise ValueError("expected a symmetric matrix")
    return x @ S, (x, S)


class TestEqualValues:
    """Where two eigenvalues or singular values are equal, that is why no derivative exists."""

    @pytest.mark.parametrize("factor", [1, 2, -1])
    @pytest.mark.parametrize(
        ("forward", "backward", "given"),
        [
            (lambda S: np.linalg.eigh(S), lambda d, V: V @ np.diag(d) @ V.T, np.eye(3)),
            (lambda A: (np.linalg.svd(A)[1], A),
             lambda d, A: np.linalg.svd(A)[0] @ np.diag(d) @ np.linalg.svd(A)[2], 2 * np.eye(3)),
            (lambda A: (np.linalg.norm(A, 2), A),
             lambda d, A: d * np.outer(np.linalg.svd(A)[0][:, 0], np.linalg.svd(A)[2][0]),
             np.diag([2.0, 2.0, 1.0])),
            (lambda S: (np.linalg.eigvalsh(S)[-1], S),
             lambda d, S: d * np.outer(*[np.linalg.eigh(S)[1][:, -1]] * 2),
             np.diag([2.0, 2.0, 1.0])),
        ],
    )  # fmt: skip
    def test_of_values(self, forward, backward, given, factor):
        """No line is blamed, and none is said to be right, whatever it sends back."""
        report = check_layer(forward, lambda d, c: factor * backward(d, c), given)
        assert not report.holds
        assert not report.violations
        (said,) = report.problems
        assert "no derivative exists here, as two eigenvalues or singular values are equal" in said
        assert "at test_symmetric.py, line" in said

    def test_of_vectors(self):
        """They are not the only ones."""
        report = check_layer(lambda S: (np.linalg.eigh(S)[1], S), lambda d, S: 0 * S, np.eye(3))
        assert "equal eigenvalues or singular values have no vectors of their own" in str(report)

    def test_of_what_does_not_part_them(self):
        """A sum over all of them has a derivative, and is judged."""

        def squares(S):
            return (np.linalg.eigvalsh(S) ** 2).sum(), S

        assert check_layer(squares, lambda d, S: 2 * d * S, np.eye(3)).holds
        assert check_layer(squares, lambda d, S: d * S, np.eye(3)).violations


class TestAWeightThatIsSymmetricByChance:
    """Its layer reads all of its numbers, so that a gradient that mixes mirror numbers is wrong."""

    @pytest.mark.parametrize("W", [np.eye(3), S])
    @pytest.mark.parametrize("made", [half, once, np.tril, lambda G: G + G.T])
    def test_each_layer(self, W, made):
        """An affine layer, bilinear scores, a flow with a determinant."""
        x, k = A, A[::-1] + 1
        for forward, backward, given in (
            (affine, lambda d, c: (d @ c[1].T, made(c[0].T @ d)), (x, W)),
            (score, lambda d, c: (d @ c[2] @ c[1].T, made(c[0].T @ d @ c[2]), d.T @ c[0] @ c[1]),
             (x, W, k)),
            (flow, lambda d, l, c: (d @ c[1].T, made(c[0].T @ d + l * np.linalg.inv(c[1]).T)),
             (x, W)),
        ):  # fmt: skip
            report = check_layer(forward, backward, *given)
            assert [row.quantity for row in report.violations] == ["dW"], forward.__name__

    @pytest.mark.parametrize("made", [half, once])
    def test_where_the_layer_takes_it_for_symmetric(self, made):
        """Because its mirror numbers do the same, or because it says so, or makes it so."""

        def of_distances(d, cache):
            x, S = cache
            return 2 * d[:, None] * x @ S, made(np.einsum("n,ni,nj->ij", d, x, x))

        def of_product(d, cache):
            return d @ cache[1].T, made(cache[0].T @ d)

        for forward, backward in (
            (distances, of_distances), (checked, of_product),
            (lambda x, S: affine(x, (S + S.T) / 2), of_product),
        ):  # fmt: skip
            report = check_layer(forward, backward, A, S)
            assert report.holds, str(report)


def transposed(delta, cache):
    """The gradient of the weights not transposed."""
    x, W = cache
    return delta @ W.T, delta.T @ x
