"""The demonstration's stories: two that everybody may read, and one that waits for a yes."""

from __future__ import annotations

from datetime import datetime, timedelta

from partnerships.actions.case_studies import ask_consents, give_consent, publish_case_study, write_case_study
from partnerships.demo import at_work
from partnerships.ground import clock
from partnerships.models import CaseStudy, Organisation, User

CURATOR = "ines@inyourshoes.demo.example"

DESK = {
    "title": "The desk that stood in both buildings",
    "summary": (
        "For one winter a council’s housing officer and an advice centre’s debt adviser shared two desks."
        " People stopped being sent from one to the other."
    ),
    "what_went_well": (
        "On Tuesdays the housing officer sat at Harbour Advice, on Thursdays the adviser sat in the council."
        " Somebody who came about rent arrears left with an answer, not with another telephone number.\n\n"
        "By February both sides knew which letters frighten people and which ones they never open."
        " The council rewrote three of them together with people who had received them."
    ),
    "what_made_it_work": (
        "The council paid for the adviser’s day at the price that Harbour Advice had named before it began."
        " Both managers agreed what would not be talked about: no single case was ever used in contract monitoring.\n\n"
        "There was no steering group. Two people wrote half a page each month, and the other read it."
    ),
    "what_others_can_copy": (
        "Begin with one morning a week and one subject. Say the price first. Keep a list of the letters, forms and"
        " opening hours that get in the way, and change one of them each month."
    ),
}
HOME = {
    "title": "Going home on a Friday, with somebody expecting you",
    "summary": (
        "A discharge lead spent a week in a carers’ centre, and a carers’ worker a week on the ward."
        " Now families hear before the day, not on it."
    ),
    "what_went_well": (
        "The discharge lead heard six families tell how they learned that somebody was coming home: by a call from"
        " the car park. On the ward the carers’ worker saw why nobody had rung earlier.\n\n"
        "They moved one thing: the question “who will be at home?” is now asked on the first day, by the same person"
        " who asks about allergies."
    ),
    "what_made_it_work": (
        "Each had a whole week, long enough for the second Tuesday to look different from the first."
        " The ward sister and the centre manager had said yes before anybody asked for money."
    ),
    "what_others_can_copy": (
        "Ask the question on the first day. Let whoever asks it spend a week where the answer is lived."
    ),
}
SHELVES = {
    "title": "What a sergeant learned among the shelves",
    "summary": (
        "A neighbourhood sergeant sorted tins at a food bank for five Wednesdays."
        " Both sides changed how they speak with young people at the door."
    ),
    "what_went_well": (
        "Nobody was asked for anything, and by the third Wednesday people asked the sergeant things. Two lads who used"
        " to be moved on now carry the boxes in."
    ),
    "what_made_it_work": (
        "No uniform, the same hours as every volunteer, and a promise kept: nothing heard there went into a report."
    ),
    "what_others_can_copy": "Come as a pair of hands. Come back.",
}


def load(at: datetime | None = None) -> str:
    """Tell the stories in the weeks before `at`; does nothing where they are there already."""
    curator = User.objects.get(email=CURATOR)
    if CaseStudy.objects.filter(written_by=curator).exists():
        return ""
    at = at_work(at or clock.now())
    _publish(DESK, ["Demonstration Council", "Harbour Advice"], curator, at - timedelta(days=40))
    _publish(HOME, ["Demonstration Hospital Trust", "Willow Carers’ Centre"], curator, at - timedelta(days=16))
    waiting = _write(SHELVES, ["Demonstration Police", "Lantern Food Bank"], curator, at - timedelta(days=3))
    ask_consents(case_study=waiting, by=curator, at=at - timedelta(days=3))
    _say_yes(waiting, at - timedelta(days=2), only="Demonstration Police")
    return "3 stories, one of which waits for a yes."


def _write(words: dict[str, str], names: list[str], curator: User, at: datetime) -> CaseStudy:
    organisations = Organisation.objects.filter(name__in=names)
    return write_case_study(**words, organisations=organisations, by=curator, at=at)


def _publish(words: dict[str, str], names: list[str], curator: User, at: datetime) -> None:
    story = _write(words, names, curator, at)
    ask_consents(case_study=story, by=curator, at=at + timedelta(hours=2))
    _say_yes(story, at + timedelta(days=1))
    publish_case_study(case_study=story, by=curator, at=at + timedelta(days=5))


def _say_yes(story: CaseStudy, at: datetime, *, only: str = "") -> None:
    """Each coordinator for their own organisation, two hours apart."""
    consents = story.consents.filter(organisation__name=only) if only else story.consents.all()
    for number, consent in enumerate(consents):
        coordinator = consent.organisation.coordinators()[0].user
        give_consent(consent=consent, edition=story.edition, by=coordinator, at=at + timedelta(hours=2 * number))
