"""The kinds of array that the engine works with, and sets as rows of bits.

Sets of weeks, tags and needs are bits in as many 64-bit words as it takes. The words come first in the shape and the
people or offers after it, so that two of them meet in one pass of numpy, however many words there are.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

# Above every number that `validate` lets through, and its square still fits in 64 bits.
UNLIMITED = 1 << 31
WORD = 64
K = TypeVar("K", bound=Hashable)


def ints(values: Iterable[int]) -> Ints:
    """Whole numbers as an array."""
    return np.fromiter(values, dtype=np.int64)


def bools(values: Iterable[bool]) -> Bools:
    """Flags as an array."""
    return np.fromiter(values, dtype=np.bool_)


def words_for(bits: int) -> int:
    """How many words so many bits take: one at least."""
    return max(1, -(-bits // WORD))


def pack(flags: Bools) -> Bits:
    """Rows of flags as words."""
    rows, bits = flags.shape
    packed = np.zeros((words_for(bits), rows), dtype=np.uint64)
    for bit in range(bits):
        packed[bit // WORD] |= flags[:, bit].astype(np.uint64) << np.uint64(bit % WORD)
    return packed


def unpack(words: Bits, bits: int) -> Bools:
    """Words as rows of so many flags."""
    flags = np.empty((words.shape[1], bits), dtype=np.bool_)
    for bit in range(bits):
        flags[:, bit] = bit_of(words, bit)
    return flags


def bit_of(words: Bits, bit: int) -> Bools:
    """Whether one bit is set in each."""
    found: Bools = (words[bit // WORD] >> np.uint64(bit % WORD)) & np.uint64(1) == 1
    return found


def some(words: Bits) -> Bools:
    """Whether any bit is set in each."""
    if len(words) == 1:
        return np.asarray(words[0] != 0)
    found: Bools = np.any(words, axis=0)
    return found


def ones(words: Bits) -> Ints:
    """How many bits are set in each."""
    counts: Ints = np.bitwise_count(words).sum(axis=0, dtype=np.int64)
    return counts


def sets(bit: Mapping[K, int], rows: Sequence[Collection[K]]) -> Bits:
    """Sets as words; what has no bit is left out."""
    packed = np.zeros((words_for(len(bit)), len(rows)), dtype=np.uint64)
    where = ints(map(bit.get, chain.from_iterable(rows), repeat(-1)))
    row = np.repeat(np.arange(len(rows)), list(map(len, rows)))
    row, where = row[where >= 0], where[where >= 0]
    value = np.left_shift(np.uint64(1), (where % WORD).astype(np.uint64))
    np.bitwise_or.at(packed, (where // WORD, row), value)
    return packed
