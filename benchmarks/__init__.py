"""Figures of speed and size, each with its peer and its bound from the same run."""
