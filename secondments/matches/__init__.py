"""Between the models and the engine: a round becomes a problem without names, an answer becomes words for people."""

from .days import days_for, monday_of, week_number
from .problem import problem_of
from .words import criterion_words, part_words, stage_words, weight_words, what_happened, why_this_match

__all__ = [
    "criterion_words",
    "days_for",
    "monday_of",
    "part_words",
    "problem_of",
    "stage_words",
    "week_number",
    "weight_words",
    "what_happened",
    "why_this_match",
]
