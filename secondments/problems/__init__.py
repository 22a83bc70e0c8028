"""Every reason why not, for asking first: as a code, and as a sentence that says what to do next."""

from .acting import not_allowed, problems_for_acting
from .adjustments import (
    problems_for_changing_anything,
    problems_for_changing_by_hand,
    problems_for_changing_places,
    problems_for_taking_back,
)
from .asking import ASKED_A_DAY, problems_for_asking, problems_of_agreeing, problems_with_one_more_request
from .brokering import (
    problems_for_introducing,
    problems_for_noting,
    problems_for_shortlisting,
    problems_for_writing,
    problems_of_being_gone,
)
from .days import clash, first_day_to_ask, full, no_days, problems_of_clashes, problems_of_days
from .entering import (
    problems_for_entering,
    problems_for_entering_anybody,
    problems_for_entering_offer,
    problems_for_reminding,
)
from .joining import (
    problems_for_joining,
    problems_for_leaving,
    problems_for_placing,
    problems_for_saying_anything,
    problems_of_having_left,
)
from .limits import problems_of_limits
from .offers import problems_for_adding_sessions, problems_for_publishing, problems_for_removing_session
from .placements import (
    TIME_FOR_CHECKS,
    problems_for_asking_someone_else,
    problems_for_completing,
    problems_for_deciding,
    problems_for_expiring,
    problems_for_saying_yes,
)
from .programmes import (
    problems_for_editing_programme,
    problems_for_enrolling,
    problems_for_programme,
    problems_of_accepting,
    problems_of_same_name,
)
from .rounds import (
    problems_for_archiving,
    problems_for_calling_off,
    problems_for_changing_dates,
    problems_for_leaving_free,
    problems_for_matching,
    problems_for_offering,
    problems_for_publishing_round,
    problems_for_reopening,
    problems_for_repairing,
    problems_for_stopping,
    problems_of_dates,
)
from .swaps import problems_for_calling_due, problems_for_returning
from .weights import problems_for_trying, problems_for_weighing, problems_of_weights

__all__ = [
    "ASKED_A_DAY",
    "TIME_FOR_CHECKS",
    "clash",
    "first_day_to_ask",
    "full",
    "no_days",
    "not_allowed",
    "problems_for_acting",
    "problems_for_adding_sessions",
    "problems_for_archiving",
    "problems_for_asking",
    "problems_for_asking_someone_else",
    "problems_for_calling_due",
    "problems_for_calling_off",
    "problems_for_changing_anything",
    "problems_for_changing_by_hand",
    "problems_for_changing_dates",
    "problems_for_changing_places",
    "problems_for_completing",
    "problems_for_deciding",
    "problems_for_editing_programme",
    "problems_for_enrolling",
    "problems_for_entering",
    "problems_for_entering_anybody",
    "problems_for_entering_offer",
    "problems_for_expiring",
    "problems_for_introducing",
    "problems_for_joining",
    "problems_for_leaving",
    "problems_for_leaving_free",
    "problems_for_matching",
    "problems_for_noting",
    "problems_for_offering",
    "problems_for_placing",
    "problems_for_programme",
    "problems_for_publishing",
    "problems_for_publishing_round",
    "problems_for_reminding",
    "problems_for_removing_session",
    "problems_for_reopening",
    "problems_for_repairing",
    "problems_for_returning",
    "problems_for_saying_anything",
    "problems_for_saying_yes",
    "problems_for_shortlisting",
    "problems_for_stopping",
    "problems_for_taking_back",
    "problems_for_trying",
    "problems_for_weighing",
    "problems_for_writing",
    "problems_of_accepting",
    "problems_of_agreeing",
    "problems_of_being_gone",
    "problems_of_clashes",
    "problems_of_dates",
    "problems_of_days",
    "problems_of_having_left",
    "problems_of_limits",
    "problems_of_same_name",
    "problems_of_weights",
    "problems_with_one_more_request",
]
