"""The lives of stories, and of each organisation's yes to being in one."""

from __future__ import annotations

from partnerships.ground.workflow import Move, Moves, anyone_may, register
from partnerships.permissions import may_answer_for, may_curate
from partnerships.problems import problems_with_asking_consents, problems_with_publishing_case_study
from partnerships.states import CaseStudyState, ConsentState

CASE_STUDY = register(
    Moves(
        model="partnerships.CaseStudy",
        title="Case study",
        about="Written by a curator, published with the yes of every organisation in it, gone when one takes it back.",
        initial=(CaseStudyState.DRAFT,),
        moves=(
            Move(
                "ask_consents",
                (CaseStudyState.DRAFT, CaseStudyState.WITHDRAWN),
                CaseStudyState.WAITING,
                may_curate,
                problems_with_asking_consents,
            ),
            Move(
                "rewrite_case_study",
                (CaseStudyState.WAITING, CaseStudyState.PUBLISHED, CaseStudyState.WITHDRAWN),
                CaseStudyState.DRAFT,
                may_curate,
            ),
            Move(
                "publish_case_study",
                (CaseStudyState.WAITING, CaseStudyState.WITHDRAWN),
                CaseStudyState.PUBLISHED,
                may_curate,
                problems_with_publishing_case_study,
            ),
            Move(
                "withdraw_case_study",
                (CaseStudyState.DRAFT, CaseStudyState.WAITING, CaseStudyState.PUBLISHED),
                CaseStudyState.WITHDRAWN,
                may_curate,
            ),
            # Who takes a consent back has been judged by the table of consents.
            Move("take_back_consent", (CaseStudyState.PUBLISHED,), CaseStudyState.WITHDRAWN, anyone_may),
        ),
    )
)

_ANSWERED = (ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.TAKEN_BACK)

CONSENT = register(
    Moves(
        model="partnerships.Consent",
        title="Consent",
        about="One organisation's yes to the very words of a story. New words ask for a new yes.",
        initial=(ConsentState.NOT_ASKED,),
        moves=(
            Move("ask_consents", (ConsentState.NOT_ASKED,), ConsentState.ASKED, may_curate),
            Move(
                "give_consent",
                (ConsentState.ASKED, ConsentState.REFUSED, ConsentState.TAKEN_BACK),
                ConsentState.GIVEN,
                may_answer_for,
            ),
            Move("refuse_consent", (ConsentState.ASKED,), ConsentState.REFUSED, may_answer_for),
            Move("take_back_consent", (ConsentState.GIVEN,), ConsentState.TAKEN_BACK, may_answer_for),
            Move("rewrite_case_study", (ConsentState.ASKED, *_ANSWERED), ConsentState.NOT_ASKED, may_curate),
        ),
    )
)
