"""Small register files, made as the real ones are."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from partnerships.actions.registers import Note, Report, import_register
from partnerships.importers.registers import REGISTER_FILES
from partnerships.states import Register
from tests.factories import AT

CHARITY_COLUMNS = [
    "org_id", "reg_number", "name", "postcode", "active", "date_registered", "activities", "objects", "source",
    "income", "spending", "fye", "web", "company_number", "UKCAT", "ICNPTSO",
]  # fmt: skip
COUNCIL_COLUMNS = [
    "local-authority-code", "official-name", "nice-name", "gss-code", "start-date", "end-date", "replaced-by",
    "nation", "region", "local-authority-type", "local-authority-type-name", "county-la", "combined-authority",
    "former-gss-codes", "current-authority", "pop-2020", "lat", "long", "old-register-and-code",
]  # fmt: skip
WRITES = ("INSERT", "UPDATE", "DELETE")


def write(path: Path, columns: list[str], lines: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(lines)
    return path


def charity(number: int = 1000001, /, **cells: str) -> dict[str, str]:
    return {
        "org_id": f"GB-CHC-{number}",
        "reg_number": str(number),
        "name": f"CHARITY NUMBER {number}",
        "postcode": "M5 4WT",
        "active": "True",
        "date_registered": "1990-08-02",
        "activities": "Advice at a front desk.",
        "source": "CCEW",
        "income": "75186.0",
        "spending": "86065.0",
        "fye": "2019-10-31",
        **cells,
    }


def council(code: str = "SLF", gss: str = "E08000006", **cells: str) -> dict[str, str]:
    return {
        "local-authority-code": code,
        "official-name": "Salford City Council",
        "nice-name": "Salford",
        "gss-code": gss,
        "nation": "England",
        "region": "North West",
        "local-authority-type": "MD",
        "local-authority-type-name": "Metropolitan district",
        "current-authority": "True",
        "old-register-and-code": f"local-authority-eng:{code}",
        **cells,
    }


def trust(code: str = "R0A", name: str = "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", closed: str = "") -> str:
    cells = [
        code,
        name,
        "Y62",
        "QOP",
        "COBBETT HOUSE",
        "OXFORD ROAD",
        "",
        "MANCHESTER",
        "",
        "M13 9WL",
        "20171001",
        closed,
    ]
    return ",".join(f'"{cell}"' for cell in [*cells, *[""] * 5, "0300 3309444", *[""] * 9]) + "\n"


class Importing:
    """Imports small files of one register, and remembers what was said of their rows."""

    def __init__(self, folder: Path, register: str) -> None:
        self.file = REGISTER_FILES[register]
        self.path = folder / "register.csv"
        self.notes: list[Note] = []

    def __call__(self, content: list[dict[str, str]] | str, **options: Any) -> Report:
        if isinstance(content, str):
            self.path.write_text(content, encoding="utf-8")
        else:
            columns = COUNCIL_COLUMNS if self.file.register == Register.COUNCILS else CHARITY_COLUMNS
            write(self.path, columns, content)
        self.notes = []
        return import_register(
            file=self.file, path=self.path, at=AT, as_of=options.pop("as_of", date(2026, 4, 1)), note=self.notes.append,
            **options,
        )  # fmt: skip


def numbers(report: Report) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "closed", "rejected", "skipped")
    return {name: getattr(report, name) for name in names if getattr(report, name)}
