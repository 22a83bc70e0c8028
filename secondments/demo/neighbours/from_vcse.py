"""Forty-eight invented people of voluntary and community organisations and social enterprises."""

from __future__ import annotations

from secondments.states import AccessNeed, Tie

from .said import COUNCILS, HEALTH, HOMES, JUSTICE, PUBLIC, Person

FUNDED = Tie.HOST_FUNDS

PEOPLE: dict[str, tuple[Person, ...]] = {
    "harbour": (
        Person(
            "Jo Harper", "Manager", COUNCILS, "Who reads our monitoring return, and what they do next.",
            "The front desk on a Monday, and the queue before it opens.", tie=FUNDED,
        ),
        Person(
            "Li Zhang", "Debt adviser", HEALTH, "What happens to somebody’s debts while they are on a ward.",
            tie=FUNDED,
        ),
        Person(
            "Winston Clarke", "Volunteer receptionist", COUNCILS,
            "What the person on the other end of the council’s line can see.", km=12,
        ),
    ),
    "kite": (
        Person(
            "Tariq Hussain", "Lead youth worker", JUSTICE,
            "What an officer has been told about our estate before the first visit.",
            "The hour before we open, and the hour after.", km=20,
        ),
        Person(
            "Shanice Grant", "Youth worker", HEALTH, "What a child hears at a clinic that I have sent them to.",
            "An open session, downstairs.",
        ),
        Person(
            "Callum Reeve", "Sessional worker", COUNCILS, "How a budget for young people is cut.",
            "Table tennis, and what is said over it.", km=5,
        ),
    ),
    "willow": (
        Person(
            "Mo Brennan", "Centre manager", HEALTH, "Why the call to the family comes from the car park.",
            "A carers’ morning, with the kettle on from nine.", tie=FUNDED,
        ),
        Person(
            "Eileen Foy", "Carer support worker", COUNCILS, "How an assessment is turned into hours.",
            "The helpline, listening in.", km=18,
        ),
        Person("Nadia Petrov", "Fundraiser", COUNCILS, "How a panel reads what I write at midnight.", online=True),
    ),
    "kettle": (
        Person(
            "Marguerite Okoro", "Founder", PUBLIC, "Who in a public body may buy a lunch, and who may not.",
            "A Friday service.", tie=FUNDED,
        ),
        Person(
            "Stevie Nolan", "Head chef and trainer", HEALTH, "What they feed people on a ward, and who decided.",
            "Trainees on their first day with knives.", km=20,
        ),
        Person(
            "Parveen Iqbal", "Trainee, now supervisor", HOMES, "How to talk to a landlord so that it helps.",
            "What I could not do a year ago.", km=24,
        ),
    ),
    "ramp": (
        Person(
            "Judith Amar", "Director", COUNCILS, "How somebody who has never met me decides what I need.",
            "An assessment, read aloud by the person it is about.", tie=FUNDED,
            needs_of_a_place=(AccessNeed.STEP_FREE, AccessNeed.TOILET),
        ),
        Person(
            "Kit Sorensen", "Adviser", HEALTH, "What the wheelchair list looks like from the other end.",
            "Three appeals, and which one we win.", needs="My assistance dog comes with me.",
            needs_of_a_place=(AccessNeed.DOG, AccessNeed.STEP_FREE),
        ),
        Person(
            "Harriet Lowndes", "Peer supporter", COUNCILS, "What a duty desk can do on a Friday at four.",
            "Peer support, with those who have said yes.",
            needs_of_a_place=(AccessNeed.STEP_FREE,),
        ),
        Person(
            "Bilal Aziz", "Campaigns officer", PUBLIC, "Where a complaint goes.",
            "How a campaign begins: with somebody being cross.", km=35,
        ),
    ),
    "tinroof": (
        Person(
            "Sam Entwistle", "Manager", HOMES, "What a housing officer is told to do before ringing us.",
            "Six cases, before court.",
        ),
        Person(
            "Chioma Eze", "Housing adviser", COUNCILS, "What it is like on your side of the glass.",
            "The corridor outside the court.", tie=FUNDED,
        ),
        Person(
            "Lewis Barton", "Trainee adviser", JUSTICE, "What an officer may and may not do at an eviction.",
            "Letters, opened together.", km=16,
        ),
    ),
    "longtable": (
        Person(
            "Peggy Marsden", "Chair and cook", HEALTH, "Why the nurses come at noon, when we eat.", "Sixty plates.",
            km=12,
        ),
        Person(
            "Stan Wojcik", "Volunteer driver", COUNCILS, "Who decides where the bus stops.",
            "The round with the minibus, and its regulars.", km=15,
        ),
    ),
    "quietroom": (
        Person(
            "Isobel Grant-Lee", "Clinical lead", HEALTH, "What you mean when you write “stepped down”.",
            "Supervision, by agreement.", km=22,
        ),
        Person(
            "Raj Sandhu", "Counsellor", HEALTH, "What a crisis line cannot do by two in the morning.",
            "The front room, between appointments.",
        ),
        Person("Amy Tyldesley", "Administrator", COUNCILS, "Why the same form has three names.", km=4, weeks=(1, 2)),
    ),
    "mums": (
        Person("Shabnam Ali", "Chair", COUNCILS, "How to ask for a hall.", "Breakfast for thirty, in a street.", km=14),
        Person(
            "Kelly Roach", "Treasurer", COUNCILS, "Why a grant of £400 needs eleven pages.",
            "Our accounts: one book, one biscuit tin.", km=14,
        ),
    ),
    "bench": (
        Person(
            "Selam Tesfaye", "Director", PUBLIC, "Which of you sends the letter that frightens people most.",
            "Envelopes, one after another.", tie=FUNDED,
        ),
        Person(
            "Dariush Karimi", "Interpreter", HEALTH, "What a doctor sees of me.", "An afternoon in four languages.",
            km=20,
        ),
        Person(
            "Agnes Kowal", "Caseworker", HOMES, "What “intentionally” means to you.",
            "A day of appointments, with those who say yes.", km=28,
        ),
        Person("Yonas Haile", "Volunteer", JUSTICE, "What a report turns into.", km=10, weeks=(0,)),
    ),
    "wheel": (
        Person(
            "Danny Leigh", "Workshop manager", JUSTICE, "Whether you know them before we do.",
            "A bicycle, a spanner and a sixteen-year-old.", km=18,
        ),
        Person(
            "Grace Umeh", "Youth mentor", COUNCILS, "What exclusion looks like from a desk.",
            "A Thursday in the arch.", km=18,
        ),
    ),
    "nightlight": (
        Person(
            "Ursula Flynn", "Director", JUSTICE, "What stands in the way between our call and your car.",
            "Referrals, from the office.", avoids="probation", why="A former client’s partner works there.",
        ),
        Person(
            "Bina Desai", "Independent adviser", HOMES, "How a move is agreed overnight, when it is.",
            "A day in the corridor of a court.", km=30,
        ),
        Person("Jess Molyneux", "Helpline worker", HEALTH, "Who asks the question on a ward, and where.", km=24),
    ),
    "greengate": (
        Person(
            "Arthur Pilling", "Secretary", HEALTH, "Who is sent to us, and what they were told.",
            "Sixteen plots and a stove.", km=12,
        ),
        Person("Maureen Tuck", "Volunteer", COUNCILS, "Where the path was promised.", km=5, weeks=(1, 5)),
    ),
    "sounddesk": (
        Person(
            "Jermaine Cole-Davis", "Producer", JUSTICE, "What you hear when you hear our music.",
            "A recording, from the inside.", km=25,
        ),
        Person(
            "Freya Lund", "Programme worker", COUNCILS, "How “youth voice” is written into a strategy.",
            "An evening’s session.", online=True,
        ),
    ),
    "firststeps": (
        Person(
            "Keith Ramsden", "Manager", JUSTICE, "What you knew on Tuesday about somebody who came out on Friday.",
            "The gate at half past eight.", tie=FUNDED,
        ),
        Person(
            "Tracey Boyle", "Link worker", HOMES, "Why the bed is there at noon and gone at four.",
            "An afternoon with one person and eleven doors.", km=22,
        ),
        Person(
            "Abdul Rahim", "Peer mentor", JUSTICE, "What you write about us.",
            "What I wish that I had been told on the first day.", km=20,
        ),
    ),
    "choir": (
        Person(
            "Enid Copley", "Choir leader", HEALTH, "What a therapist would change about how we breathe.",
            "A rehearsal, and the bus home.", km=18,
        ),
    ),
    "kingfisher": (
        Person(
            "Rosemary Blythe", "Coordinator", HEALTH, "What nurses would like us to know at ten in the evening.",
            "The handover at eight.", km=16,
        ),
        Person(
            "Gulshan Mirza", "Volunteer trainer", HEALTH, "How you talk about dying in an appointment of ten minutes.",
            "A training day.", km=25,
        ),
        Person("Howard Penn", "Night volunteer", COUNCILS, "Who pays for the bed, and who moves it.", km=14),
    ),
    "lamppost": (
        Person(
            "Winifred Ashe", "Chair", COUNCILS, "What you would need from us to say yes.",
            "A library with its own key.", tie=FUNDED, km=20,
        ),
        Person(
            "Toby Marland", "Homework volunteer", PUBLIC, "How a job is found on a screen.", "Homework, then forms.",
            in_person=False, online=True,
        ),
    ),
}  # fmt: skip
