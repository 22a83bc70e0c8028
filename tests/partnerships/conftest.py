"""What several tests of this app lean on."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnerships.states import Register
from tests.partnerships.register_files import Importing


@pytest.fixture
def charities(tmp_path: Path) -> Importing:
    return Importing(tmp_path, Register.UKCAT)


@pytest.fixture
def councils(tmp_path: Path) -> Importing:
    return Importing(tmp_path, Register.COUNCILS)


@pytest.fixture
def trusts(tmp_path: Path) -> Importing:
    return Importing(tmp_path, Register.NHS_TRUSTS)
