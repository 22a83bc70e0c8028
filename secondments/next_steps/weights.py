"""How near the top each kind of step stands, the lowest first, and how many of a kind are listed at most."""

SOMETHING_IS_WRONG = 5
ACT = 10
RUN = 15
ANSWER_FOR_ORGANISATION = 20
PREPARE = 30
BEGUN = 35
JOINED = 45
LOOK = 50

MOST_STEPS = 50
