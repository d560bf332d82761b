"""The vocabulary of the synthetic company: names, units, places, topics, hobbies.

Shares marked *figure* were published; the others are plausible suggestions between them.
"""

from __future__ import annotations

from typing import NamedTuple

FIRST_NAMES = (
    "Aaliyah", "Adaeze", "Agnieszka", "Aiko", "Alejandra", "Amara", "Amir", "Ananya", "Anders", "Andrew",
    "Anjali", "Ayesha", "Beatriz", "Brigid", "Camila", "Carlos", "Chidi", "Chloe", "Daniel", "Deepak",
    "Diego", "Elena", "Elif", "Emeka", "Emily", "Fatima", "Femi", "Freya", "Gabriel", "Giulia",
    "Grace", "Hana", "Hassan", "Hiroshi", "Ibrahim", "Imani", "Ingrid", "Isabel", "Jamal", "James",
    "Jing", "Joao", "Kavya", "Kenji", "Kofi", "Laila", "Lars", "Leilani", "Liam", "Lucia",
    "Mahmoud", "Malik", "Maria", "Mateo", "Mei", "Miriam", "Nadia", "Naveen", "Ngozi", "Niamh",
    "Noah", "Olga", "Omar", "Oscar", "Paula", "Pedro", "Priya", "Quinn", "Rafael", "Rania",
    "Ravi", "Rosa", "Ruth", "Samir", "Sanjay", "Sara", "Sofia", "Soren", "Tariq", "Tatiana",
    "Thandiwe", "Thomas", "Tomasz", "Uma", "Valentina", "Victor", "Wei", "Xavier", "Yara", "Yusuf",
    "Zainab", "Zoe",
)  # fmt: skip

LAST_NAMES = (
    "Abara", "Adeyemi", "Ahmed", "Almeida", "Andersen", "Bakker", "Banerjee", "Barros", "Bennett", "Bianchi",
    "Campbell", "Castillo", "Chandra", "Chen", "Cohen", "Costa", "Dang", "Delgado", "Diallo", "Duarte",
    "Eklund", "Evans", "Farouk", "Fernandes", "Fischer", "Flores", "Foster", "Garcia", "Ghosh", "Gomez",
    "Haddad", "Hansen", "Hughes", "Hussain", "Ito", "Ivanova", "Jansen", "Johnson", "Kamau", "Kaur",
    "Keller", "Khan", "Kim", "Kowalski", "Kumar", "Larsen", "Lee", "Lindgren", "Lopez", "Mahlangu",
    "Martin", "Mehta", "Mensah", "Moreau", "Morgan", "Murphy", "Mwangi", "Nair", "Nakamura", "Navarro",
    "Nguyen", "Novak", "Nwosu", "Okafor", "Okoye", "Olsen", "Ortiz", "Osei", "Park", "Patel",
    "Pereira", "Petrov", "Popescu", "Quist", "Rahman", "Ramirez", "Rao", "Reyes", "Rossi", "Santos",
    "Schmidt", "Shah", "Silva", "Singh", "Smith", "Suzuki", "Tanaka", "Tran", "Turner", "Usman",
    "Vargas", "Walker", "Wang", "Weber", "Wright", "Yamada", "Yilmaz", "Young", "Zhang", "Zulu",
)  # fmt: skip

CHIEF_OFFICE = "Executive Office"

DEPARTMENTS = (
    "Operations",
    "Technology",
    "Sales",
    "Customer Service",
    "Finance",
    "Marketing",
    "Product",
    "People",
    "Legal and Risk",
)
"""Largest first; their sizes fall like 1/rank."""

FUNCTIONS = (
    "Operations Management",
    "Software Engineering",
    "Account Management",
    "Service Delivery",
    "Accounting",
    "Brand and Communications",
    "Product Design",
    "Human Resources",
    "Compliance",
    "Data Analysis",
    "Project Management",
    "Procurement",
)
"""The first ones are the home functions of DEPARTMENTS, in the same order."""


class Place(NamedTuple):
    """An office: how many people sit there (relative share) and what they speak."""

    location: str
    region: str
    time_zone: str
    share: float
    languages: tuple[str, ...]


PLACES = (
    Place("Chicago", "North America", "America/Chicago", 20, ("English", "Spanish")),
    Place("New York", "North America", "America/New_York", 14, ("English", "Spanish")),
    Place("London", "Europe", "Europe/London", 13, ("English", "French")),
    Place("Bengaluru", "Asia Pacific", "Asia/Kolkata", 12, ("English", "Hindi", "Kannada")),
    Place("Phoenix", "North America", "America/Phoenix", 8, ("English", "Spanish")),
    Place("Frankfurt", "Europe", "Europe/Berlin", 7, ("German", "English")),
    Place("São Paulo", "Latin America", "America/Sao_Paulo", 6, ("Portuguese", "English", "Spanish")),
    Place("Kraków", "Europe", "Europe/Warsaw", 6, ("Polish", "English", "German")),
    Place("Singapore", "Asia Pacific", "Asia/Singapore", 5, ("English", "Mandarin", "Malay")),
    Place("Lagos", "Africa", "Africa/Lagos", 4, ("English", "Yoruba", "Igbo")),
    Place("Tokyo", "Asia Pacific", "Asia/Tokyo", 3, ("Japanese", "English")),
    Place("Johannesburg", "Africa", "Africa/Johannesburg", 2, ("English", "Zulu", "Afrikaans")),
)


class Topic(NamedTuple):
    """A subject of reverse mentoring: how often juniors offer it and seniors want it (relative shares)."""

    name: str
    offered: float
    wanted: float


TOPICS = (
    Topic("AI tools", 16, 24),
    Topic("social media", 20, 14),
    Topic("generational perspective", 18, 16),
    Topic("inclusion", 12, 16),
    Topic("data literacy", 12, 14),
    Topic("digital collaboration", 14, 10),
    Topic("customer trends", 9, 12),
    Topic("early-career experience", 16, 9),
    Topic("short video", 11, 5),
    Topic("cybersecurity habits", 6, 8),
    Topic("sustainability", 9, 8),
    Topic("remote work culture", 11, 8),
    Topic("automation", 8, 9),
    Topic("mobile apps", 10, 6),
    Topic("accessibility", 4, 5),
    Topic("women in leadership", 5, 6),
    Topic("ethnic diversity", 4, 6),
    Topic("LGBTQ+ perspective", 3, 4),
    Topic("mental health at work", 7, 7),
    Topic("podcasting", 5, 3),
    Topic("online communities", 8, 5),
    Topic("gaming culture", 6, 2),
    Topic("crypto and digital payments", 3, 4),
    Topic("python", 5, 3),
    Topic("agile working", 8, 7),
    Topic("influencer marketing", 4, 3),
)


class Leaning(NamedTuple):
    """Who has a topic: suggestions, on the scale of log-odds.

    Attributes
    ----------
    young
        How much more often people offer it who are one standard deviation (nine years) younger.
    large
        How much more often it is wanted one level higher up.
    functions
        Where people know it from their work.
    sensitive
        Whether talking about it takes training.
    """

    young: float = 0.0
    large: float = 0.0
    functions: tuple[str, ...] = ()
    sensitive: bool = False


_CODE, _NUMBERS, _BRAND, _PEOPLE = (
    "Software Engineering", "Data Analysis", "Brand and Communications", "Human Resources",
)  # fmt: skip

TOPIC_LEANINGS = {
    "AI tools": Leaning(0.2, 0.3, (_CODE, _NUMBERS)),
    "social media": Leaning(0.5, -0.1, (_BRAND,)),
    "generational perspective": Leaning(0.4, 0.3),
    "inclusion": Leaning(0.0, 0.3, (_PEOPLE,), sensitive=True),
    "data literacy": Leaning(0.0, 0.0, (_NUMBERS, "Accounting")),
    "digital collaboration": Leaning(0.1, -0.2, ("Project Management",)),
    "customer trends": Leaning(0.0, 0.2, ("Account Management", "Service Delivery", _BRAND)),
    "early-career experience": Leaning(0.8, 0.1, (_PEOPLE,)),
    "short video": Leaning(0.7, -0.3, (_BRAND,)),
    "cybersecurity habits": Leaning(-0.1, 0.0, (_CODE, "Compliance")),
    "sustainability": Leaning(0.1, 0.3, ("Procurement", "Operations Management")),
    "remote work culture": Leaning(0.1, 0.0, (_PEOPLE, "Project Management")),
    "automation": Leaning(0.0, 0.0, (_CODE, "Operations Management")),
    "mobile apps": Leaning(0.3, -0.2, (_CODE, "Product Design")),
    "accessibility": Leaning(0.0, 0.1, ("Product Design",), sensitive=True),
    "women in leadership": Leaning(-0.1, 0.2, (_PEOPLE,), sensitive=True),
    "ethnic diversity": Leaning(0.1, 0.2, (_PEOPLE,), sensitive=True),
    "LGBTQ+ perspective": Leaning(0.2, 0.1, (_PEOPLE,), sensitive=True),
    "mental health at work": Leaning(0.0, 0.1, (_PEOPLE,), sensitive=True),
    "podcasting": Leaning(0.1, -0.2, (_BRAND,)),
    "online communities": Leaning(0.4, -0.2, (_BRAND, "Service Delivery")),
    "gaming culture": Leaning(0.7, -0.3),
    "crypto and digital payments": Leaning(0.3, 0.0, ("Accounting",)),
    "python": Leaning(0.2, -0.3, (_CODE, _NUMBERS)),
    "agile working": Leaning(-0.2, 0.0, (_CODE, "Project Management", "Product Design")),
    "influencer marketing": Leaning(0.6, -0.1, (_BRAND,)),
}

OFFERS_BACK = (
    "career sponsorship",
    "strategy",
    "executive presence",
    "finance for non-specialists",
    "networking",
    "negotiation",
    "leading change",
    "public speaking",
    "board and governance",
    "people leadership",
)
"""What an experienced mentee can give in return."""


class Hobby(NamedTuple):
    """A pastime and the share of people who name it."""

    name: str
    prevalence: float


HOBBIES = (
    Hobby("films", 0.64),  # figure
    Hobby("music", 0.60),  # figure
    Hobby("eating out", 0.59),  # figure
    Hobby("reading", 0.54),  # figure
    Hobby("surfing the web", 0.37),  # figure
    Hobby("gaming", 0.34),  # figure
    Hobby("cooking", 0.34),  # figure
    Hobby("pets", 0.33),
    Hobby("hiking", 0.28),
    Hobby("travel", 0.27),
    Hobby("gardening", 0.24),
    Hobby("running", 0.20),
    Hobby("football", 0.18),
    Hobby("baking", 0.17),
    Hobby("theatre", 0.15),  # figure
    Hobby("cycling", 0.15),
    Hobby("photography", 0.14),  # figure
    Hobby("yoga", 0.13),
    Hobby("board games", 0.12),
    Hobby("sewing", 0.11),  # figure
    Hobby("painting", 0.09),
    Hobby("volunteering", 0.09),
    Hobby("guitar", 0.08),
    Hobby("scrapbooking", 0.07),  # figure
    Hobby("cricket", 0.06),
    Hobby("choir", 0.05),
    Hobby("chess", 0.05),
    Hobby("birdwatching", 0.04),
    Hobby("sailing", 0.03),
    Hobby("beekeeping", 0.01),
)

_OUTDOORS = ("hiking", "running", "football", "cycling", "yoga", "cricket", "birdwatching", "sailing")

HOBBY_KINDS = {
    **dict.fromkeys(("films", "eating out", "travel", "volunteering", "beekeeping"), "out and about"),
    **dict.fromkeys(("music", "reading", "theatre", "painting", "guitar", "choir", "photography"), "arts"),
    **dict.fromkeys(("surfing the web", "gaming", "board games", "chess"), "screen and board"),
    **dict.fromkeys(("cooking", "pets", "gardening", "baking", "sewing", "scrapbooking"), "home"),
    **dict.fromkeys(_OUTDOORS, "sport and outdoors"),
}
"""Hobbies of one kind are liked by the same people."""

GENDERS = ("female", "male", "non-binary")
SLOT_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SLOT_HOURS = (6, 8, 10, 12, 14, 16, 18, 20)
"""Start hours of the two-hour slots, in UTC, so that slots compare across time zones."""
