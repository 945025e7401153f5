"""Exact numbers and matrices: knows nothing of networks."""
