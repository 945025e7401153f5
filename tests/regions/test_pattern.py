"""Patterns: words of layers that are looked up through the cells that cells came from."""

import pickle

import numpy as np

from symnet.regions.pattern import Pattern, joined_words


def words(*rows):
    return np.array(rows, dtype=np.uint64)


def test_words_of_earlier_layers_follow_the_cells():
    first = Pattern.empty(1).refined(np.array([0, 0]), words([1], [2]), None)
    second = first.refined(np.array([1, 0, 1]), words([4], [5], [6]), words([0], [8], [0]))
    some = second.of(np.array([2, 1]))
    positive, zero = some.words()
    assert positive.tolist() == [[2, 6], [1, 5]]
    assert zero.tolist() == [[0, 0], [0, 8]]


def test_a_copy_says_the_same_without_what_came_before():
    first = Pattern.empty(1).refined(np.array([0, 0, 0]), words([1], [2], [3]), None)
    some = first.of(np.array([2]))
    copy = pickle.loads(pickle.dumps(some))
    assert copy.before is None
    assert copy.words()[0].tolist() == [[3]]


def test_where_nothing_vanishes_zeros_take_no_memory():
    first = Pattern.empty(1).refined(np.array([0, 0]), words([1], [2]), None)
    positive, zero = joined_words([first, first])
    assert positive.tolist() == [[1], [2], [1], [2]]
    assert zero.tolist() == [[0]] * 4
    assert not any(zero.strides)
    third = first.refined(np.array([1]), words([0]), words([1]))
    assert joined_words([third, third])[1].tolist() == [[0, 1]] * 2
