"""Backpropagation by hand in NumPy, as teaching code has it, and copies with classic bugs."""

import numpy as np


def forward(X, y, W1, b1, W2, b2):
    """Two layers, softmax and cross-entropy over a batch of rows."""
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)
    z2 = a1 @ W2 + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(X)), y]).mean()
    return loss, (X, y, z1, a1, W2, p)


def backward(cache):
    X, y, z1, a1, W2, p = cache
    m = len(X)
    d2 = p.copy()
    d2[np.arange(m), y] -= 1
    d2 /= m
    d1 = (d2 @ W2.T) * (z1 > 0)
    return {"dW1": X.T @ d1, "db1": d1.sum(axis=0), "dW2": a1.T @ d2, "db2": d2.sum(axis=0)}


def mask_forgotten(cache):
    """relu's derivative taken for 1, as if there were none in the backward pass."""
    X, y, _, a1, W2, p = cache
    m = len(X)
    d2 = p.copy()
    d2[np.arange(m), y] -= 1
    d2 /= m
    d1 = d2 @ W2.T
    return {"dW1": X.T @ d1, "db1": d1.sum(axis=0), "dW2": a1.T @ d2, "db2": d2.sum(axis=0)}


def mask_with_equality(cache):
    """z >= 0 for z > 0: another gradient at kinks alone."""
    X, y, z1, a1, W2, p = cache
    return backward((X, y, np.where(z1 >= 0, 1, -1), a1, W2, p))


def mean_forgotten(cache):
    """The sum over the batch instead of the mean, in the weights of one layer."""
    X, y, z1, a1, W2, p = cache
    m = len(X)
    d2 = p.copy()
    d2[np.arange(m), y] -= 1
    d1 = (d2 @ W2.T) * (z1 > 0) / m
    return {"dW1": X.T @ d1, "db1": d1.sum(axis=0), "dW2": a1.T @ d2, "db2": d2.sum(axis=0) / m}


def bias_not_summed(cache):
    """The bias gets the gradient of the last example."""
    X, y, z1, a1, W2, p = cache
    gradients = backward((X, y, z1, a1, W2, p))
    m = len(X)
    d2 = p.copy()
    d2[np.arange(m), y] -= 1
    return {**gradients, "db2": d2[-1] / m}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def two_layers(X, Y, W1, W2):
    """Sigmoids and a squared error: the eleven-line network of many tutorials."""
    l1 = sigmoid(X @ W1)
    l2 = sigmoid(l1 @ W2)
    return ((Y - l2) ** 2).sum() / 2


def two_layers_backward(X, Y, W1, W2):
    l1 = sigmoid(X @ W1)
    l2 = sigmoid(l1 @ W2)
    d2 = (l2 - Y) * (l2 * (1 - l2))
    d1 = (d2 @ W2.T) * (l1 * (1 - l1))
    return X.T @ d1, l1.T @ d2


def slope_at_the_wrong_place(X, Y, W1, W2):
    """l1 (1 - l1) is the slope for l1 = sigmoid(z), and not at z."""
    z1 = X @ W1
    l1 = sigmoid(z1)
    l2 = sigmoid(l1 @ W2)
    d2 = (l2 - Y) * (l2 * (1 - l2))
    d1 = (d2 @ W2.T) * (z1 * (1 - z1))
    return X.T @ d1, l1.T @ d2


def sign_turned(X, Y, W1, W2):
    """Y - l2 for the error: right in code that adds the gradient, wrong as a gradient."""
    d1, d2 = two_layers_backward(X, Y, W1, W2)
    return -d1, -d2
