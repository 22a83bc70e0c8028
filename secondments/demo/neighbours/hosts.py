"""Thirty organisations of Greater Manchester, all invented: twelve public bodies and eighteen of the other sector."""

from __future__ import annotations

from partnerships.states import Field, SizeBand
from secondments.states import AccessNeed, Mode

from .said import Group, Offer

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
EASY_IN = (AccessNeed.STEP_FREE, AccessNeed.TOILET)

PUBLIC_BODIES = (
    Group("hospital"),
    Group("police"),
    Group(
        "north", "Demonstration Council North", Field.LOCAL_GOVERNMENT, "Rochdale", SizeBand.MAJOR,
        "A council with a market hall, two rivers and forty commissioned services.",
        Offer(
            "Two days in the housing options room",
            "You sit where people sit who have nowhere to go tonight, then on our side of the glass. You see what the "
            "law lets us do, what the budget does, and which calls to landlords are answered.",
            (TUESDAY, WEDNESDAY), (4,), ties=True, meets=EASY_IN, access="Lifts, and a reception that takes time.",
        ),
    ),
    Group(
        "east", "Demonstration Council East", Field.LOCAL_GOVERNMENT, "Tameside", SizeBand.MAJOR,
        "A council that has moved half of its prevention money to voluntary groups, and wants to see where it went.",
        Offer(
            "How a grant is decided, from the form to the cheque",
            "Monday is forms: you read six with us and say which you would fund. Tuesday is the panel. You hear what "
            "is said when the applicants are not in the room.",
            (MONDAY, TUESDAY), (5,), ties=True, access="A town hall with a lift that is slow but works.",
        ),
    ),
    Group(
        "west", "Demonstration Council West", Field.LOCAL_GOVERNMENT, "Wigan", SizeBand.MAJOR,
        "A council that asks residents and staff to make a deal with each other, and means it.",
        Offer(
            "With a neighbourhood team, on foot",
            "Two days of doorsteps: a housing officer, a community connector and a warden, and you. Wear shoes that "
            "have met mud.",
            (WEDNESDAY, THURSDAY), (0, 6), ties=True, access="Mostly outside. Tell us what distance is too far.",
        ),
    ),
    Group(
        "careboard", "Demonstration Care Board", Field.HEALTH, "Manchester", SizeBand.MAJOR,
        "Plans and pays for health services, most of which people never notice until they need them.",
        Offer(
            "Where the money for prevention is argued over",
            "You come to the meeting that decides, and to the one before it where it is really decided. You may ask "
            "what every word means.",
            (THURSDAY, FRIDAY), (3,), ties=True, meets=(*EASY_IN, AccessNeed.HEARING_LOOP), access="Level throughout.",
        ),
    ),
    Group(
        "community", "Demonstration Community Health Trust", Field.HEALTH, "Bolton", SizeBand.MAJOR,
        "District nurses, health visitors and therapists: the part of the NHS that comes to the door.",
        Offer(
            "A round with the district nurses’ office",
            "You stay at the hub while nurses ring in from the road. You see how forty visits become thirty, and who "
            "decides which ten wait. You do not go into homes.",
            (MONDAY, THURSDAY), (1,), meets=EASY_IN, access="A new building; everything is level.",
        ),
    ),
    Group(
        "mind", "Demonstration Mental Health Trust", Field.HEALTH, "Oldham", SizeBand.MAJOR,
        "Wards, community teams and a crisis line for people in distress.",
        Offer(
            "Behind the crisis line",
            "You listen in where callers agree, and sit with the team between calls. Somebody talks with you at the "
            "end of each day, since it stays with you.",
            (TUESDAY, THURSDAY), (2, 6), access="Second floor with a lift. There is a quiet room.",
            meets=(*EASY_IN, AccessNeed.QUIET),
        ),
    ),
    Group(
        "probation", "Demonstration Probation", Field.POLICING, "Manchester", SizeBand.LARGE,
        "Supervises people after court or prison, and tries to make the second time the last time.",
        Offer(
            "The first two days after the gate",
            "You see the appointments that somebody has to keep in forty-eight hours: us, the job centre, a doctor, "
            "a bed. People are asked first whether you may be there.",
            (MONDAY, TUESDAY), (0, 4), access="Airport-style scan at the door; belts come off.", letter=True,
        ),
    ),
    Group(
        "homes", "Demonstration Homes", Field.HOUSING, "Salford", SizeBand.LARGE,
        "Eleven thousand homes that belong to the council, and the repairs that go with them.",
        Offer(
            "The repairs line, and what it hears",
            "A day on the phones, a day in the van. Damp, boilers, and somebody who rang about a tap because nobody "
            "else has rung them this week.",
            (TUESDAY, FRIDAY), (3, 7), ties=True, access="The van has three steps; the phones have none.",
        ),
    ),
    Group(
        "fire", "Demonstration Fire and Rescue", Field.OTHER_PUBLIC, "Bury", SizeBand.MAJOR,
        "Puts fires out, and goes into eight thousand homes a year so that there is none.",
        Offer(
            "A safe and well visit, and the station around it",
            "We knock to fit a smoke alarm and leave knowing who is cold, lonely or in debt. What we do with that is "
            "what we would like to talk about with you.",
            (WEDNESDAY, FRIDAY), (1,), access="Stairs at the station; the homes are what they are.",
        ),
    ),
    Group(
        "jobcentre", "Demonstration Job Centre", Field.OTHER_PUBLIC, "Stockport", SizeBand.LARGE,
        "Pays benefits and helps people into work, in appointments of ten minutes.",
        Offer(
            "Ten minutes, forty times",
            "You sit beside a work coach. You will see how much of a life fits into ten minutes, and what we send on "
            "to others because it does not.",
            (MONDAY, WEDNESDAY), (2,), meets=(AccessNeed.STEP_FREE,), access="Level, and loud at ten o’clock.",
        ),
    ),
)  # fmt: skip

VOLUNTARY_AND_COMMUNITY = (
    Group("harbour"),
    Group("kite"),
    Group("willow"),
    Group(
        "kettle", "Copper Kettle Kitchen", Field.SOCIAL_ENTERPRISE, "Oldham", SizeBand.MEDIUM,
        "A café where people who have been out of work for years learn to run a kitchen, and then run it.",
        Offer(
            "Two shifts in the kitchen",
            "You peel, plate and wash up beside trainees. At three we sit down: what went wrong, who was brave today, "
            "and which agency rang in the middle of service.",
            (TUESDAY, THURSDAY), (0,), pounds=90, ties=True, access="Hot and narrow. There is a stool.",
        ),
    ),
    Group(
        "ramp", "Ramp and Rail", Field.VOLUNTARY, "Manchester", SizeBand.MEDIUM,
        "Run by disabled people, for disabled people: advice, assessments read together, and a loud voice.",
        Offer(
            "Reading assessments with those they are about",
            "You sit in, with their yes, while somebody reads what a professional has written about them. You will "
            "write differently afterwards.",
            (MONDAY, WEDNESDAY), (2, 5), pounds=120, ties=True,
            meets=(*EASY_IN, AccessNeed.HEARING_LOOP, AccessNeed.DOG, AccessNeed.LARGE_PRINT),
            access="Everything is level, and the loop works because we use it.",
        ),
    ),
    Group(
        "tinroof", "Tin Roof Housing Advice", Field.VOLUNTARY, "Rochdale", SizeBand.SMALL,
        "Stops evictions, one letter at a time, from two rooms above a bakery.",
        Offer(
            "The day of the court list",
            "On the first day you see us prepare six cases; on the second we are in the corridor outside the court, "
            "where most of them are settled.",
            (MONDAY, TUESDAY), (1,), ties=True, access="Two flights of stairs, and the smell of bread.",
        ),
    ),
    Group(
        "longtable", "The Long Table", Field.COMMUNITY, "Bolton", SizeBand.MICRO,
        "Lunch for older people, cooked by older people, every Wednesday and Thursday for eleven years.",
        Offer(
            "Lunch for sixty",
            "You lay the table, pour the tea and sit down where there is a gap. Nobody will know that you are from an "
            "office unless you say so.",
            (WEDNESDAY, THURSDAY), (2, 6), ties=True, meets=EASY_IN, access="A church hall with a ramp.",
        ),
    ),
    Group(
        "quietroom", "Quiet Room Counselling", Field.VOLUNTARY, "Tameside", SizeBand.SMALL,
        "Counselling that people can pay for with what they have, which is often nothing.",
        Offer(
            "The waiting list, from inside",
            "Not the sessions: those are private. You see who rings, how we choose who waits, and a supervision group "
            "that has agreed to have you.",
            (TUESDAY, WEDNESDAY), (4,), meets=(AccessNeed.QUIET,), access="First floor, no lift.",
        ),
    ),
    Group(
        "mums", "Mums on the Row", Field.COMMUNITY, "Oldham", SizeBand.MICRO,
        "Nine mothers from one street who began with a breakfast and now run a holiday club.",
    ),
    Group(
        "bench", "Welcome Bench", Field.VOLUNTARY, "Manchester", SizeBand.MEDIUM,
        "Sits down with people who have just arrived in the country and reads the letters with them.",
        Offer(
            "Letters, in eleven languages",
            "People bring the envelopes they are afraid of. You help to open them, and see what a sentence of ours "
            "costs somebody who reads it with a telephone in the other hand.",
            (MONDAY, TUESDAY), (3, 7), pounds=100, ties=True, meets=EASY_IN, access="A shop front, no step.",
        ),
    ),
    Group(
        "wheel", "Spare Wheel Bikes", Field.SOCIAL_ENTERPRISE, "Salford", SizeBand.SMALL,
        "Mends bicycles with young people who were asked to leave school, and sells them.",
        Offer(
            "Two days at the workbench",
            "You are given a bicycle, a spanner and a sixteen-year-old who knows more than you. Conversations happen "
            "when both look at the chain.",
            (THURSDAY, FRIDAY), (5,), ties=True, access="A railway arch: level, cold, loud.",
        ),
    ),
    Group(
        "nightlight", "Nightlight Refuge", Field.VOLUNTARY, "Stockport", SizeBand.MEDIUM,
        "A safe house, a helpline, and somebody beside you in court.",
        Offer(
            "How we keep a door closed and a phone open",
            "You do not come to the house. At the office you see referrals arrive, what we ask of police and housing, "
            "and how long the answers take.",
            (WEDNESDAY, THURSDAY), (6,), pounds=180, access="You are told the address on the day before.",
        ),
    ),
    Group(
        "greengate", "Green Gate Allotments", Field.COMMUNITY, "Wigan", SizeBand.MICRO,
        "Sixteen plots, a shed with a stove, and a doctor who sends people to dig.",
        Offer(
            "Digging, and what is said while digging",
            "Bring gloves. You work beside people whom a doctor has sent and others who came by themselves, and after "
            "an hour you cannot tell which is which.",
            (TUESDAY, THURSDAY), (4,), ties=True, access="Uneven ground; one raised plot is reached without steps.",
        ),
    ),
    Group(
        "sounddesk", "Sound Desk Studio", Field.SOCIAL_ENTERPRISE, "Trafford", SizeBand.SMALL,
        "Young people record what they have to say, and some of them stay to teach it.",
        Offer(
            "An evening’s recording, from both sides of the glass",
            "You come at noon, make the tea and hear what was written this week. If they ask you to sing you may "
            "refuse; it has been known to be held against people.",
            (THURSDAY, FRIDAY), (2,), access="A basement with a stair lift.",
        ),
    ),
    Group(
        "firststeps", "First Steps Back", Field.VOLUNTARY, "Rochdale", SizeBand.SMALL,
        "Meets people at the prison gate with a phone, a coat and a plan for the afternoon.",
        Offer(
            "At the gate, and the afternoon after it",
            "We drive to the gate together. You see how many doors an afternoon has, and how many of them are ours "
            "and how many yours.",
            (MONDAY, FRIDAY), (3,), pounds=110, ties=True, access="A lot of waiting in a car.",
        ),
    ),
    Group(
        "choir", "Stroke of Luck Choir", Field.COMMUNITY, "Stockport", SizeBand.MICRO,
        "Forty people who have had a stroke. Words that will not be spoken can be sung.",
    ),
    Group(
        "kingfisher", "Kingfisher Neighbours", Field.VOLUNTARY, "Bolton", SizeBand.SMALL,
        "Volunteers who sit with dying people at home, so that whoever loves them can sleep.",
        Offer(
            "Who rings at four in the morning",
            "You join the handover at eight, when the night’s volunteers come in, and spend the day with those who "
            "plan the next night.",
            (TUESDAY, WEDNESDAY), (1,), meets=(*EASY_IN, AccessNeed.QUIET), access="A bungalow, level throughout.",
        ),
    ),
    Group(
        "lamppost", "Lamp Post Library", Field.COMMUNITY, "Tameside", SizeBand.MICRO,
        "A library that the council closed and its readers opened again, staffed by whoever has an hour.",
        Offer(
            "Online: the homework hour and the form-filling hour",
            "Two afternoons on a screen that stands on our desk. Children first, then people with forms. You help with "
            "both, and will not be better at the first.",
            (MONDAY, WEDNESDAY), (1, 2, 3, 4), ties=True, mode=Mode.REMOTE,
        ),
    ),
)  # fmt: skip

GROUPS = (*PUBLIC_BODIES, *VOLUNTARY_AND_COMMUNITY)
