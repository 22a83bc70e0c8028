"""manage.py import_register, with small files and with the real registers."""

from __future__ import annotations

import csv
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.actions.registers import Note, import_register
from partnerships.importers.registers import REGISTER_FILES
from partnerships.management.commands.import_register import _Notes
from partnerships.models import Organisation, Place, RegisterEntry
from partnerships.states import ATTRIBUTIONS, PlaceKind, Register
from tests.factories import AT
from tests.partnerships.register_files import (
    CHARITY_COLUMNS,
    COUNCIL_COLUMNS,
    WRITES,
    charity,
    council,
    numbers,
    write,
)

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: Any, out: StringIO | None = None, **options: Any) -> str:
    out = out or StringIO()
    call_command("import_register", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_the_command_says_what_became_of_every_row(tmp_path: Path) -> None:
    path = write(tmp_path / "file.csv", CHARITY_COLUMNS, [charity(), charity(), charity(1000002, name="")])
    said = run("ukcat", path, "--as-of", "2026-04-01")
    assert "3 rows read = 1 created + 0 updated + 0 unchanged + 0 closed + 1 rejected + 1 skipped" in said
    assert "1 rejected: no name" in said
    assert ATTRIBUTIONS[Register.UKCAT] in said
    assert "\r" not in said


def test_a_terminal_sees_a_bar(tmp_path: Path) -> None:
    path = write(tmp_path / "file.csv", CHARITY_COLUMNS, [charity()])
    assert "##] 100%  1 rows" in run("ukcat", path, out=Terminal())


def test_a_long_import_says_now_and_then_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerships.management.commands.import_register.EVERY_SECONDS", -1.0)
    path = write(tmp_path / "file.csv", CHARITY_COLUMNS, [charity()])
    assert "  100%, 1 rows" in run("ukcat", path)


def test_the_rejected_rows_are_in_a_file_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    path = write(
        tmp_path / "file.csv",
        CHARITY_COLUMNS,
        [charity(org_id="=cmd()"), charity(1000002), charity(1000003, active="no")],
    )
    run("ukcat", path, "--rejected", tmp_path / "rejected.csv")
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines == [
        ["line", "reference", "outcome", "reason"],
        ["2", "'=cmd()", "rejected", "org_id is not a number of the Charity Commission for England and Wales"],
        ["4", "GB-CHC-1000003", "closed", "removed from the register"],
    ]


def test_a_file_of_another_register_is_refused_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "file.csv", COUNCIL_COLUMNS, [council()])
    for register in ("ukcat", "icbs", "police", "nhs-trusts"):
        with pytest.raises(CommandError, match=r"Expected .*\. Nothing was written\."):
            run(register, path)
    assert not Organisation.objects.exists()
    assert not Place.objects.exists()


def test_a_folder_without_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a folder that holds no mySociety's list"):
        run("councils", tmp_path)


def test_a_place_for_the_rejected_that_cannot_be_written_is_said_first(tmp_path: Path) -> None:
    path = write(tmp_path / "file.csv", CHARITY_COLUMNS, [charity()])
    with pytest.raises(CommandError, match=r"cannot be written .* Nothing was imported\."):
        run("ukcat", path, "--rejected", tmp_path / "no" / "such.csv")
    assert not Organisation.objects.exists()


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="soon is not a date"):
        run("ukcat", tmp_path, "--as-of", "soon")


def test_interrupted_it_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("partnerships.management.commands.import_register._Progress.show", stop)
    path = write(tmp_path / "file.csv", CHARITY_COLUMNS, [charity()])
    with pytest.raises(CommandError, match="run the same command again to go on") as stopped:
        run("ukcat", path)
    assert stopped.value.returncode == 130
    assert Organisation.objects.count() == 1


def test_many_reasons_are_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerships.management.commands.import_register.MOST_REASONS", 1)
    path = write(tmp_path / "file.csv", CHARITY_COLUMNS, [charity(name=""), charity(1000002, active="?")])
    assert "and 1 more reasons: see them with --rejected FILE.csv" in run("ukcat", path)


@pytest.mark.shared_data
def test_the_real_registers_are_taken_over_whole_and_a_second_time_write_nothing(shared_data: Path) -> None:
    call_command("load_places", verbosity=0)
    expected = {
        Register.COUNCILS: {"created": 397, "closed": 73},
        Register.NHS_TRUSTS: {"created": 202, "closed": 72},
        Register.ICBS: {"created": 36},
        Register.POLICE: {"created": 44},
        Register.UKCAT: {"created": 4104, "skipped": 99},
    }
    for register, result in expected.items():
        assert numbers(import_register(file=REGISTER_FILES[register], path=shared_data, at=AT)) == result
    assert Organisation.objects.count() == 4783
    assert RegisterEntry.objects.count() == 4783
    assert not Organisation.objects.exclude(field="voluntary").exclude(field="policing").filter(latitude=None).exists()
    assert Organisation.objects.filter(field="voluntary", place=None).count() == 21
    assert Place.objects.filter(kind=PlaceKind.COMBINED_AUTHORITY).count() == 15
    assert not Organisation.objects.filter(website__contains="@").exists()
    with CaptureQueriesContext(connection) as captured:
        for register, result in expected.items():
            again = {"unchanged" if name == "created" else name: count for name, count in result.items()}
            assert numbers(import_register(file=REGISTER_FILES[register], path=shared_data, at=AT)) == again
    assert [query["sql"][:80] for query in captured if query["sql"].startswith(WRITES)] == []


@pytest.mark.shared_data
def test_a_file_may_be_named_alone_or_by_its_folder(shared_data: Path) -> None:
    assert "202 created" in run("nhs-trusts", shared_data / "nhs" / "etr.csv")
    assert "202 unchanged" in run("nhs-trusts", shared_data / "nhs")


@pytest.mark.parametrize("cell", ["=cmd()", "+1", "-1", "@SUM(1)", "\t=cmd()", "\r=cmd()"])
def test_a_cell_that_a_spreadsheet_would_run_is_shown_as_text(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "rejected.csv"
    with ExitStack() as stack:
        _Notes(path, stack).write(Note(1, cell, "rejected", cell))
    with path.open(encoding="utf-8", newline="") as written:
        assert list(csv.reader(written))[1] == ["1", f"'{cell}", "rejected", f"'{cell}"]
