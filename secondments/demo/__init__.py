"""The demonstration's visits, made by the real verbs with a clock in the past."""

from .visits import load

__all__ = ["load"]
