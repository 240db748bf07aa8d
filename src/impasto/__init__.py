"""Impasto paints photographs in the style of any picture."""

__version__ = "0.1.0"
