"""What is kept of a register's row, and what it is called: an allow-list, so that nothing else slips in.

Postal addresses, telephone numbers and mail addresses are in the files and are not here: those of a small group are
somebody's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.ground.look import Fact
from partnerships.states import Register

Kind = Literal["text", "date", "pounds", "number", "list"]


@dataclass(frozen=True, slots=True)
class Named:
    label: Promise
    kind: Kind = "text"


KEPT: dict[str, dict[str, Named]] = {
    Register.COUNCILS: {
        "type": Named(_("Kind of authority")),
        "nation": Named(_("Nation")),
        "region": Named(_("Region")),
        "county": Named(_("County council")),
        "combined_authority": Named(_("Combined authority")),
        "population": Named(_("People living there in 2020"), "number"),
    },
    Register.NHS_TRUSTS: {
        "region": Named(_("NHS region")),
        "icb": Named(_("Integrated care board")),
        "opened": Named(_("Opened"), "date"),
    },
    Register.ICBS: {"area": Named(_("Area"))},
    Register.POLICE: {"area": Named(_("Police force area"))},
    Register.UKCAT: {
        "regulator": Named(_("Regulator")),
        "registered": Named(_("Registered"), "date"),
        "activities": Named(_("What it told the regulator it does")),
        "causes": Named(_("Causes"), "list"),
        "activity_group": Named(_("Kind of work")),
        "year_end": Named(_("Figures for the year to"), "date"),
        "income": Named(_("Income that year"), "pounds"),
        "spending": Named(_("Spending that year"), "pounds"),
    },
}


def keep(register: str, **values: Any) -> dict[str, Any]:
    """The facts of a row as they are stored, in the order in which they are shown. What is empty is left out."""
    strange = set(values) - set(KEPT[register])
    if strange:
        raise ValueError(f"{register} does not keep {', '.join(sorted(strange))}.")
    return {name: _stored(values[name]) for name in KEPT[register] if values.get(name) not in (None, "", [], ())}


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def shown(register: str, facts: Mapping[str, Any]) -> list[Fact]:
    """The same facts with their names, as parts/summary_list.html takes them."""
    named = KEPT.get(register, {})
    return [Fact(label.label, _words(facts[name], label.kind)) for name, label in named.items() if name in facts]


def _words(value: Any, kind: Kind) -> str:
    match kind:
        case "date":
            return formats.date_format(date.fromisoformat(value), "j F Y")
        case "pounds":
            return f"£{formats.number_format(value, force_grouping=True)}"
        case "number":
            return formats.number_format(value, force_grouping=True)
        case "list":
            return ", ".join(value)
        case _:
            return str(value)
