"""Every allowed change of state in this app, as data: one module per concept, each registers its tables."""

from partnerships.moves import case_studies, organisations, people

__all__ = ["case_studies", "organisations", "people"]
