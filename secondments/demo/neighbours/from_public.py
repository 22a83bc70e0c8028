"""Seventy-two invented people of public bodies, more than half of whom commission something."""

from __future__ import annotations

from partnerships.states import Field
from secondments.states import AccessNeed, Tie

from .said import VCSE, Person

VOLUNTARY, COMMUNITY, ENTERPRISE = (Field.VOLUNTARY,), (Field.COMMUNITY,), (Field.SOCIAL_ENTERPRISE,)
FUNDS, INSPECTS = Tie.VISITOR_FUNDS, Tie.VISITOR_INSPECTS

PEOPLE: dict[str, tuple[Person, ...]] = {
    "north": (
        Person(
            "Bridget Shaw", "Learning and development lead", VCSE,
            "What a good induction looks like without a budget.",
        ),
        Person(
            "Adeel Khan", "Commissioner, homelessness", VOLUNTARY,
            "What happens in the hour before somebody comes to us.",
            "The night duty list, and what is left on it at midnight.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Moira Finch", "Commissioner, young people", ENTERPRISE,
            "Why they stay there, when they leave everything that we pay for.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Gareth Pugh", "Contracts manager", VCSE, "Which of my forty questions anybody has ever used.",
            "A contract, page by page, with the person who wrote it.", commissions=True,
        ),
        Person(
            "Sunita Rao", "Public health commissioner", COMMUNITY, "What makes people come back in the second week.",
            "How a campaign is bought, and how we count who it reached.", commissions=True,
        ),
        Person(
            "Leroy Bennett", "Market manager, adult care", VOLUNTARY, "What a carer says when nobody is taking notes.",
            commissions=True, tie=FUNDS,
        ),
        Person(
            "Karen Ollerton", "Housing strategy officer", VOLUNTARY,
            "How an eviction is stopped when the law is on the other side.",
            "The housing list, and the six ways on to it.", commissions=True, km=12,
        ),
        Person(
            "Yusuf Demir", "Commissioner, advice services", VOLUNTARY,
            "Whether our outcomes form measures anything that you would.",
            "The spreadsheet behind the advice contract.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Polly Whitehead", "Business analyst", ENTERPRISE,
            "How you know on a Tuesday whether you can pay on Friday.",
        ),
    ),
    "east": (
        Person(
            "Malcolm Reid", "Workforce development manager", VCSE,
            "What our managers would learn that no course has taught them.",
        ),
        Person(
            "Fatima Begum", "Grants commissioner", COMMUNITY, "What it takes to fill in my form at a kitchen table.",
            "The scoring of forty applications, and the arguments about three.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Neil Cartwright", "Commissioner, mental health", VOLUNTARY, "Who waits, and who has stopped waiting.",
            "How a waiting list becomes a line in a report.", commissions=True, km=15,
        ),
        Person(
            "Joanne Tully", "Commissioner, domestic abuse", VOLUNTARY,
            "What you need from us on the first night and do not get.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Ravi Chandra", "Procurement lead", ENTERPRISE, "Why you never bid.",
            "A tender, from the question to the award.", commissions=True,
        ),
        Person(
            "Helen Sykes", "Libraries and culture officer", COMMUNITY, "How a library lives without a council.",
            "The budget meeting where libraries come last on the paper.", commissions=True,
        ),
        Person(
            "Tomasz Wilk", "Commissioner, employment support", ENTERPRISE, "How somebody learns to come at eight.",
            "How payment by results is checked.", commissions=True,
        ),
        Person(
            "Abigail Stone", "Social value officer", VCSE, "What you give to a contract and never write down.",
            "The page of the bid that nobody reads, and why it matters.", commissions=True,
        ),
        Person(
            "Des Quigley", "Parks manager", COMMUNITY, "How volunteers decide who cuts what.",
            "A depot at six in the morning.", km=20,
        ),
    ),
    "west": (
        Person(
            "Lorraine Hague", "Organisational development lead", VCSE,
            "How you say thank you to people whom nobody pays.",
        ),
        Person(
            "Simon Ackroyd", "Commissioner, older people", COMMUNITY,
            "What happens at lunch that does not happen at a day centre.",
            "How a day centre is closed, honestly told.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Nasreen Akhtar", "Commissioner, family help", VCSE, "What mothers tell each other about us.",
            "A family help panel, with the family in the room.", commissions=True,
        ),
        Person(
            "Philip Dunne", "Leisure and wellbeing commissioner", COMMUNITY, "Why a shed does what our gym could not.",
            "How a leisure contract is watched.", commissions=True,
        ),
        Person(
            "Caroline Mbeki", "Community safety commissioner", VOLUNTARY,
            "What somebody needs on the afternoon after prison.", commissions=True, tie=INSPECTS,
        ),
        Person(
            "Ian Threlfall", "Finance partner, adult care", VOLUNTARY, "What a late payment does to you.",
            "The payment run, and why yours was not in it.", commissions=True,
        ),
        Person(
            "Zainab Yusuf", "Commissioner, refugees and migrants", VOLUNTARY,
            "What arrives in the envelopes, and how it is read.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Graham Peel", "Highways liaison officer", COMMUNITY,
            "Who cannot reach you, and which pavement is to blame.",
            "A day with the people who mend the road that you complained about.", km=5, weeks=(3, 4),
        ),
        Person(
            "Rosa Delgado", "Commissioner, carers", VOLUNTARY, "What a carer would spend our money on.",
            "The assessment that carers fill in, and what happens to it.", commissions=True, weeks=(8,),
        ),
    ),
    "careboard": (
        Person(
            "Victor Osei", "Head of prevention", VCSE, "What prevention looks like when it is not a slide.",
            commissions=True,
        ),
        Person(
            "Marian Lowe", "Commissioner, end of life", VOLUNTARY, "Who sits with people at four in the morning.",
            "How we choose what dying at home may cost.", commissions=True, km=40,
        ),
        Person(
            "Jamal Haddad", "Commissioner, stroke and rehab", COMMUNITY, "What a choir does that a clinic cannot.",
            "A pathway meeting, with the diagram explained.", commissions=True,
        ),
        Person(
            "Ellen Craig", "Primary care commissioner", COMMUNITY, "Who is sent to dig, and who stays away.",
            "How a surgery’s money is worked out.", commissions=True,
        ),
        Person(
            "Anil Mistry", "Commissioner, children", VCSE, "What a breakfast changes by ten o’clock.",
            commissions=True, needs="A room without strip lights, if there is one.",
            needs_of_a_place=(AccessNeed.QUIET,),
        ),
        Person(
            "Dorothy Penn", "Quality lead", VOLUNTARY, "How you notice that something has gone wrong, without a form.",
            "What we do with an incident report in the first hour.", commissions=True, tie=INSPECTS,
        ),
        Person(
            "Kwame Boateng", "Health inequalities lead", VOLUNTARY,
            "What people are asked eleven times by eleven of us.", "A map of who dies early, street by street.",
            commissions=True,
        ),
    ),
    "community": (
        Person("Sheila Norris", "Voluntary services manager", VCSE, "How you find people, and how you keep them."),
        Person(
            "Ben Ollivier", "Commissioner, community nursing", VOLUNTARY,
            "What your night volunteers see before my nurses do.", "The board with forty visits on it.",
            commissions=True, km=14,
        ),
        Person(
            "Grainne Duffy", "Integration lead", COMMUNITY, "How sixty lunches find out more than we do.",
            "A meeting of five agencies about one kitchen floor.", commissions=True,
        ),
        Person(
            "Oluchi Nwosu", "Commissioner, wheelchair services", VOLUNTARY,
            "What somebody reads in what we wrote about them.", commissions=True,
            needs_of_a_place=(AccessNeed.STEP_FREE, AccessNeed.HEARING_LOOP),
        ),
        Person(
            "Patrick Lane", "District nurse", VOLUNTARY, "What you hear after I have driven off.",
            "The hub at half past seven.", cover_pounds=180,
        ),
        Person(
            "Meena Joshi", "Speech therapist", COMMUNITY, "How singing gets round a wall that I go at head on.",
            "An hour of therapy, with a patient who has said yes.", km=35,
        ),
    ),
    "mind": (
        Person("Colin Farrow", "Recovery college manager", VCSE, "How you teach without a certificate at the end."),
        Person(
            "Tessa Moran", "Commissioner, crisis care", VOLUNTARY, "Where people were before they rang us.",
            "An hour behind the crisis line.", commissions=True,
        ),
        Person(
            "Hamza Sheikh", "Alliance manager", VCSE, "What you say about the alliance when we have left the room.",
            "The alliance, when you have left the room.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Ruby Walcott", "Contracts and quality officer", VOLUNTARY, "What you would ask if you inspected us.",
            commissions=True, tie=INSPECTS, km=18,
        ),
        Person(
            "Angus Baird", "Community psychiatric nurse", ENTERPRISE, "What work does for somebody on my list.",
            "A team meeting in which every name has a house and a bus route.",
        ),
        Person(
            "Lily Chan", "Occupational therapist", COMMUNITY, "Why digging.",
            "How a day on a ward is filled, and how it is not.", km=40,
        ),
    ),
    "hospital": (
        Person(
            "Nia Rees", "Discharge lead", VOLUNTARY, "Who is at home when we say that somebody is going home.",
            "The ten o’clock meeting about who could go home today.", km=25,
        ),
        Person(
            "Stella Marsh", "Ward sister", VOLUNTARY, "What families say on the way to the car park.",
            "A ward at the change of shift.",
        ),
        Person(
            "Omar Farouk", "Commissioner, patient transport", COMMUNITY,
            "Who misses an appointment, and why it is us.", "The control room on a wet Monday.", commissions=True,
        ),
        Person(
            "Beth Greaves", "Volunteer coordinator", VCSE, "How you do in a week what takes us four months.",
            "Fourteen signatures, one volunteer.", online=True,
        ),
        Person(
            "Roger Telfer", "Porter and union representative", ENTERPRISE,
            "How people who run their own place talk to each other.", "The hospital from underneath.", weeks=(2, 5, 6),
        ),
    ),
    "police": (
        Person(
            "Carl Boothroyd", "Neighbourhood sergeant", VOLUNTARY,
            "What young people say when no uniform is in the room.", "The handover at two, and an evening on foot.",
            km=25,
        ),
        Person(
            "Alison Keane", "Commissioner, victims’ services", VOLUNTARY,
            "How long our answers take, seen from your side of the phone.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Dylan Price", "Police constable", COMMUNITY, "What the street does when we have gone.",
            "A late shift, from the front seat.", km=15,
        ),
        Person(
            "Rukhsana Mir", "Hate crime officer", VOLUNTARY, "Why it is not reported.", "What happens to a report.",
            km=20,
        ),
        Person(
            "Terry Holt", "Custody detention officer", VOLUNTARY, "Where people go after the last door that I open.",
            "Custody, with the cells empty, one hopes.", tie=Tie.NONE,
        ),
        Person(
            "Imogen Faulkner", "Call handler", VOLUNTARY, "What calls are like when the caller is not in danger.",
            "Six hours with a headset.",
        ),
    ),
    "probation": (
        Person(
            "Marcus Thorpe", "Head of partnerships", VCSE, "What you decline to do for us, and why you are right.",
        ),
        Person(
            "Wendy Aldous", "Commissioner, resettlement", VOLUNTARY, "What a coat and a phone are worth at the gate.",
            "The queue on the first morning.", commissions=True, tie=FUNDS,
        ),
        Person(
            "Femi Adeleke", "Commissioner, women’s services", VOLUNTARY,
            "What women tell you and would never tell us.", commissions=True, km=40, avoids="nightlight",
            why="Somebody close to me was helped there, and should not have to meet me.",
        ),
        Person(
            "Sandra Pike", "Unpaid work supervisor", COMMUNITY, "Whether our people have been any use to you.",
            "A Saturday group with rakes.", km=30,
        ),
        Person(
            "Owain Roberts", "Probation officer", ENTERPRISE, "How you trust somebody with the till.",
            "Six appointments, and the notes after each.",
        ),
    ),
    "homes": (
        Person(
            "Pauline Dyer", "Head of tenancy services", VOLUNTARY, "What our letters do on the mat.",
            commissions=True,
        ),
        Person(
            "Arjun Patel", "Repairs contract manager", ENTERPRISE,
            "How young people learn a trade without being told off.", "A day in the van.", commissions=True,
        ),
        Person(
            "Christine Bell", "Income officer", VOLUNTARY, "What you know about somebody’s debts before we write.",
            "A morning of calls that nobody likes to make.",
        ),
        Person(
            "Mo Farrah-Jones", "Commissioner, supported housing", VOLUNTARY, "Who is turned away, and who decides.",
            commissions=True, tie=INSPECTS, km=10,
        ),
        Person(
            "Ged Rooney", "Caretaker supervisor", COMMUNITY,
            "How you get people to look after a place that is not theirs.", "Eleven stairwells before lunch.", km=22,
        ),
    ),
    "fire": (
        Person("Liz Hartnell", "Prevention manager", VCSE, "Who you know is cold, and whether you may tell us."),
        Person(
            "Joseph Obi", "Firefighter", COMMUNITY, "What people do all day who never open to us.",
            "A safe and well visit, and the tea after it.", km=25,
        ),
        Person(
            "Daisy Cunliffe", "Data analyst", VOLUNTARY, "How you choose whom to help first without a model.",
            "The model, with its mistakes.", in_person=False, online=True, weeks=(6,),
        ),
    ),
    "jobcentre": (
        Person(
            "Annette Rigby", "Partnership manager", VCSE, "What you do with those whom we send, and cannot say to us.",
            commissions=True,
        ),
        Person(
            "Kofi Mensah", "Work coach", ENTERPRISE, "What somebody can do whom I have seen for ten minutes.",
            "Ten minutes, forty times.",
        ),
    ),
}  # fmt: skip
