"""Sets as bits: nothing is lost at the edge of a word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.matching.arrays import bit_of, ones, pack, sets, some, unpack

rows_of_sets = st.lists(st.frozensets(st.integers(0, 140)), min_size=1, max_size=6)


@given(rows_of_sets, st.sampled_from((1, 63, 64, 65, 128, 129)))
def test_packed_flags_come_back_as_they_were(rows: list[frozenset[int]], bits: int) -> None:
    flags = np.array([[bit in row for bit in range(bits)] for row in rows], dtype=np.bool_)
    words = pack(flags)
    assert words.shape == (-(-bits // 64), len(rows))
    assert (unpack(words, bits) == flags).all()
    assert (some(words) == flags.any(axis=1)).all()
    assert (ones(words) == flags.sum(axis=1)).all()
    assert all((bit_of(words, bit) == flags[:, bit]).all() for bit in range(bits))


@given(rows_of_sets)
def test_sets_are_the_same_as_their_flags(rows: list[frozenset[int]]) -> None:
    position = {number: at for at, number in enumerate(range(0, 141, 2))}
    flags = np.array([[number in row for number in position] for row in rows], dtype=np.bool_)
    assert (sets(position, rows) == pack(flags)).all()


@pytest.mark.parametrize("rows", [[], [frozenset[int]()]])
def test_of_nothing_there_is_nothing(rows: list[frozenset[int]]) -> None:
    words = sets({}, rows)
    assert words.shape == (1, len(rows))
    assert not some(words).any()
