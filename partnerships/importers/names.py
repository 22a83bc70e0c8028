"""Registers shout. This writes names and sentences the way that people do.

A name that has any lower-case letter was typed by somebody who meant it, and stays as it is, but for capitals that only
a machine puts: "1St Magherally Rainbows", "Children'S", "Mcdonald", "O'laverty".
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL = _words("a an and ar as at by cum de for from in le nr o of on or sur the to under upon with y yn yr")
ACRONYMS = _words(
    "AA ADHD AFC AIDS AKA ATC BAME BBC BME BSL CAB CAMHS CBT CIC CIO CND CRB CVS DIY EU FA FC FE FPTA GB GP HIV HMP "
    "HMS ICB ICT IOW LGBT LGBTQ LGBTQIA LLP MBE MOD MP NATO NCT NE NGO NHS NI NSPCC NUS OAP OBE PCC PDSA PE PLC PTA "
    "PTFA PSA RAF RAFA RC RDA RFC RNIB RNID RNLI RSPB RSPCA SEN SEND SSAFA TA TLC TS TV UK UNESCO UNICEF URC USA U3A "
    "VCS VCSE VI VIP WEA WI WRVS WW1 WW2 YFC YHA YMCA YWCA"
)
SHORTENED = _words("st sts mr mrs dr ltd jnr snr rd mt ft rt revd nr ch")
"""Words without a vowel that are not acronyms."""

_ROMAN = re.compile(r"(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})")
_DOTTED = re.compile(r"(?:[A-Z]\.)+[A-Z]?\.?")
_ORDINAL = re.compile(r"(\d+)(ST|ND|RD|TH|S)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?", re.UNICODE)
_VOWEL = re.compile(r"[AEIOUYÀ-Ý]")
_RUN = re.compile(r"[A-Z]{3,}")
_MC = re.compile(r"Mc([bcdfghjklmnpqrstvwxyz][a-z]*[aeiouy][a-z]*|[aeiou][a-z]{2,})")
_MACHINE_ENDING = re.compile(r"(?<=\d)(?:St|Nd|Rd|Th)\b|(?<=\w)['’](?:S|T|Ll|Re|Ve)\b")
_MACHINE_IRISH = re.compile(r"\bO['’](?!clock)([a-z])(?=[a-z]{2})")
_MACHINE_SCOTTISH = re.compile(rf"\b{_MC.pattern}\b")
_BEFORE_APOSTROPHE = frozenset({"O", "D", "L"})


def readable_name(name: str) -> str:
    """The name as one would write it on an envelope: `Guy's and St Thomas' NHS Foundation Trust`."""
    name = " ".join(name.split())
    if any(character.islower() for character in name):
        return _without_machine_capitals(name)
    words = name.split(" ")
    seen: list[str] = []
    written: list[str] = []
    for index, word in enumerate(words):
        begins = index == 0 or written[-1][-1:] in {":", "-", "–", "/"}
        ends = index == len(words) - 1
        written.append(_written(word, seen, begins=begins or ends))
        seen.extend(letters[0] for letters in _WORD.findall(word) if letters.lower() not in SMALL)
    return " ".join(written)


def _without_machine_capitals(name: str) -> str:
    name = _MACHINE_ENDING.sub(lambda found: found.group().lower(), name)
    name = _MACHINE_IRISH.sub(lambda found: found.group()[:2] + found[1].upper(), name)
    return _MACHINE_SCOTTISH.sub(lambda found: f"Mc{found[1].capitalize()}", name)


def _written(word: str, seen: list[str], *, begins: bool) -> str:
    if _DOTTED.fullmatch(word.strip("(),")) and len(word.strip("(),.")) != 2 and word.strip("().,") not in {"ST"}:
        return word
    if word.startswith("(") and _is_initials(word.strip("()"), seen):
        return word
    pieces = _WORD.findall(word)
    first = True

    def put(found: re.Match[str]) -> str:
        nonlocal first
        piece = found.group()
        inside = "-" in word and not first and len(pieces) > 1
        alone = len(pieces) == 1 and not word.endswith(")")
        small = piece.lower() in SMALL and (inside or (alone and not begins))
        first = False
        return piece.lower() if small else _cased(piece)

    return _WORD.sub(put, word)


def _cased(piece: str) -> str:
    plain = piece.replace("’", "'")
    stem, mark, ending = plain.partition("'")
    if mark and ending in {"S", "T", "N", "R", "D", "LL", "VE", "RE", ""}:
        return _cased(stem) + piece[len(stem)] + ending.lower() if stem else piece
    if mark and stem in _BEFORE_APOSTROPHE and ending:
        return stem + piece[len(stem)] + _cased(ending)
    if mark:
        return stem.capitalize() + piece[len(stem) :].lower()
    if ordinal := _ORDINAL.fullmatch(piece):
        return ordinal[1] + ordinal[2].lower()
    if piece in ACRONYMS or _ROMAN.fullmatch(piece):
        return piece
    if any(character.isdigit() for character in piece):
        return _RUN.sub(lambda found: found.group().capitalize(), piece)
    if len(piece) > 1 and not _VOWEL.search(piece) and piece.lower() not in SHORTENED:
        return piece
    capital = piece.capitalize()
    if scottish := _MC.fullmatch(capital):
        return f"Mc{scottish[1].capitalize()}"
    return capital


def _is_initials(letters: str, seen: list[str]) -> bool:
    """Whether a word in brackets spells the initials of the words before it, as in "Southern Africa Trust (SAT)"."""
    return len(letters) > 1 and letters.isalpha() and "".join(seen).endswith(letters)


_SENTENCE = re.compile(r"(^\W*|[.!?:]\s+|\(?\d\)\s*|\b[ivx]+\)\s*|\n\s*)([a-zà-ý])")
_KEPT = {
    word.lower(): word
    for word in _words(
        "England Wales Scotland Ireland Britain British English Welsh Scottish Irish London Europe European Africa "
        "African Asia Asian India Indian Christ Christian Christianity Christians Jesus God Bible Holy Gospel Islam "
        "Islamic Muslim Muslims Quran Jewish Hindu Sikh Buddhist Catholic Anglican Methodist Baptist United Kingdom "
        "NHS UK RAF PCC January February April June July August September October November December"
    )
}


def readable_text(text: str) -> str:
    """A register's sentence without shouting. Text in ordinary case stays as it is."""
    text = re.sub(r"[ \t\r\f\v]+", " ", text.replace("_x000D_", "\n")).strip()
    letters = [character for character in text if character.isalpha()]
    if not letters or sum(character.isupper() for character in letters) < 0.7 * len(letters):
        return text
    lowered = _WORD.sub(lambda found: _KEPT.get(found.group().lower(), found.group().lower()), text)
    return _SENTENCE.sub(lambda found: found[1] + found[2].upper(), lowered)


_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)\(?(?:\+44|0)(?:[\s()-]*\d){9,10}(?!\d)")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}\b")


def without_contacts(text: str) -> str:
    """Free text of a register without mail addresses and telephone numbers, and with postcodes cut to their first half.

    For a small charity these are somebody's own.
    """
    text = _PHONE.sub("…", _MAIL.sub("…", text))
    return _POSTCODE.sub(r"\1", text)
