"""W x + b: the columns of the lecture hall."""

from __future__ import annotations

from ._base import Notation


class Columns(Notation):
    """Vectors are columns and W has shape (outputs, inputs); symnet's own notation."""

    name = "columns"
    description = "W_1 x + b_1: vectors are columns, W has shape (outputs, inputs)"
    source = "Goodfellow, Bengio and Courville, Deep Learning, 2016; torch.nn.Linear for the shape"
