"""Every component as it is used, on one page. Only the demonstration has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from partnerships.forms.design import EveryControl, FindOrganisations
from partnerships.ground import clock
from partnerships.ground.access import demo_only, open_to
from partnerships.ground.look import Answer, Bar, Fact, Figure, Flow, Happening, Link, Side, Task

MAIL: dict[str, Any] = {"site_address": "http://localhost:8000", "language": "en-gb"}


@open_to(demo_only)
def design(request: HttpRequest) -> HttpResponse:
    here = request.path
    now = clock.now()
    wrong = {
        "wrong-name": "Aisha",
        "wrong-email": "aisha at council",
        "wrong-days": "soon",
        "wrong-starts_on-day": "31",
        "wrong-starts_on-month": "2",
        "wrong-starts_on-year": "2027",
        "wrong-funds": "yes",
    }
    return render(
        request,
        "design.html",
        {
            "here": here,
            "form": EveryControl(request.POST or None, request.FILES or None),
            "wrong_form": EveryControl(wrong, prefix="wrong"),
            "search_form": FindOrganisations(prefix="find"),
            "go": Side(
                _("Harbour Advice, front desk"),
                (_("Tuesdays, 9.30 to 4 · Salford"), _("Paid to the host: £120 a day, by your council")),
                sector="public",
                status=_("Host agreed"),
                tone="done",
            ),
            "come": Side(
                _("Your commissioning team"),
                (_("One day, whenever suits them"), _("Open until January 2028. Only they call it due.")),
                sector="vcse",
                status=_("Not yet asked for"),
                tone="waiting",
            ),
            "yeses": [
                Answer(_("You"), _("Yes"), "done"),
                Answer(_("Harbour Advice"), _("Yes"), "done"),
                Answer(_("Your manager"), _("Asked"), "waiting"),
            ],
            "needed": [
                Answer(_("Confidentiality"), _("Done"), "done"),
                Answer(_("Your lines"), _("You"), "waiting", url=f"{here}#forms"),
            ],
            "links": [Link(_("Something is wrong"), here), Link(_("Change days"), here), Link(_("Withdraw"), here)],
            "trail": [Link(_("Visits and swaps"), here), Link(_("Salford"), here)],
            "happenings": _happenings(now),
            "figures": [
                Figure(110, _("placed, 10 waiting")),
                Figure(46, _("swaps of two")),
                Figure(4, _("rounds of three")),
                Figure(6, _("visits one way")),
                Figure(19, _("small hosts reached of 21")),
            ],
            "band_figures": [
                Figure(1284, _("days spent in the other sector this year")),
                Figure("61%", _("of them public to voluntary")),
                Figure(412, _("organisations welcome a visitor")),
                Figure(38, _("skills asked for this week")),
            ],
            "flows": [
                Flow(_("Public"), _("Voluntary"), 58, "public", "vcse"),
                Flow(_("Voluntary"), _("Public"), 52, "vcse", "public"),
            ],
            "bars": [
                Bar(_("Local government"), 640, "public"),
                Bar(_("Voluntary"), 412, "vcse"),
                Bar(_("Private and independent"), 86, "private"),
                Bar(_("People and families"), 31, "people"),
            ],
            "tasks": [
                Task(_("Say what you want to learn"), f"{here}#tasks", _("Done"), "done"),
                Task(_("Agree the days"), f"{here}#tasks", _("To do"), "waiting", _("Harbour Advice offers Tuesdays")),
                Task(_("Go"), "", _("From 12 January"), "quiet"),
            ],
            "facts": [
                Fact(_("Days"), _("Five Tuesdays from 12 January"), f"{here}#facts"),
                Fact(
                    _("What you hope to learn"),
                    _("What happens at a front desk.\nWho comes, and why."),
                    f"{here}#facts",
                ),
                Fact(_("Paid to the host"), _("£120 a day, by your council")),
            ],
            "page": Paginator(range(200), 10).get_page(request.GET.get("page")),
            "story_tags": [("vcse", _("Voluntary")), ("public", _("Health"))],
            "mail_text": render_to_string("emails/_design.txt", {**MAIL, **_mail_button()}),
            "mail_url": reverse("design-mail"),
        },
    )


# A mail brings its styles along, so the page shows it in a frame.
@require_safe
@open_to(demo_only)
@xframe_options_sameorigin
@csp_replace({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "base-uri": [NONE], "frame-ancestors": [SELF]})
def design_mail(request: HttpRequest) -> HttpResponse:
    return render(request, "emails/_design.html", {**MAIL, **_mail_button()})


def _mail_button() -> dict[str, str]:
    return {"button_url": f"{MAIL['site_address']}{reverse('design')}", "button_label": _("See the days")}


def _happenings(now: datetime) -> list[Happening]:
    return [
        Happening(_("You asked Harbour Advice"), now - timedelta(days=9)),
        Happening(_("Harbour Advice said yes, on the ground rules"), now - timedelta(days=8, hours=3)),
        Happening(_("Your manager decides"), note=_("asked; answer by Friday 11 December"), done=False),
        Happening(_("Everything ready"), note=_("one thing to do"), done=False),
    ]
