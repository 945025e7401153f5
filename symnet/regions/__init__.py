"""Decomposition of the domain of a piecewise-linear network into its linear regions."""
