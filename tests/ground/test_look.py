"""The tags of the look: what they draw, what they leave out, what they keep."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from partnerships.ground import clock, drawing
from partnerships.ground.look import Bar, Figure, Flow, Happening, Side, Task
from partnerships.ground.problems import Problem
from partnerships.ground.templatetags.look import moment

LOAD = "{% load look %}"


def draw(template: str, request: HttpRequest | None = None, **values: Any) -> str:
    context = RequestContext(request, values) if request else Context(values)
    return str(Template(LOAD + template).render(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def page() -> HttpRequest:
    return RequestFactory().get("/stories/one/", {"words": "food bank", "page": "2"})


# Sectors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sector", "shape", "label"),
    [
        ("public", "<circle", "Public"),
        ("vcse", "M6 0l6 6-6 6-6-6z", "Voluntary"),
        ("private", "M1 1h10v10H1z", "Private and independent"),
        ("people", "12 11.500H0z", "People and families"),
    ],
)
def test_a_sector_is_a_colour_and_a_shape_and_a_word(sector: str, shape: str, label: str) -> None:
    html = draw("{% sector_tag sector %}", sector=sector)
    assert f"app-sector--{sector}" in html
    assert shape in html
    assert words(html) == label


def test_a_sector_tag_says_the_field_where_it_is_known_and_never_markup() -> None:
    assert words(draw("{% sector_tag 'public' label %}", label="Health")) == "Health"
    assert "<b>" not in draw("{% sector_tag 'public' label %}", label="<b>Health</b>")


# Moments --------------------------------------------------------------------------------------------------------------


def test_a_moment_is_said_as_people_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 20))
    assert moment(datetime(2026, 12, 2, 10, 14, tzinfo=UTC)) == "2 December, 10.14"
    assert moment(datetime(2026, 7, 2, 10, 14, tzinfo=UTC)) == "2 July, 11.14"
    assert moment(date(2026, 12, 2)) == "2 December"
    assert moment(date(2027, 1, 12)) == "12 January 2027"


def test_a_timeline_says_what_is_still_to_come() -> None:
    html = draw(
        "{% include 'parts/timeline.html' %}",
        happenings=[Happening("You asked", timezone.now()), Happening("Your manager decides", done=False)],
    )
    assert html.count("app-timeline__item--done") == 1
    assert "Still to come: Your manager decides" in words(html)


# Menus ----------------------------------------------------------------------------------------------------------------


def test_a_menu_has_no_link_that_leads_nowhere(settings: Settings, page: HttpRequest) -> None:
    settings.MENU = [("Stories", "stories"), ("Not built", "no-such-page")]
    html = draw("{% menu 'MENU' as items %}{% include 'parts/_menu_items.html' %}", page)
    assert words(html) == "Stories"


def test_a_menu_shows_where_one_is(settings: Settings) -> None:
    settings.MENU = [("Stories", "stories"), ("Front", "front")]
    menu = "{% menu 'MENU' as items %}{% include 'parts/_menu_items.html' %}"
    on_the_page = draw(menu, RequestFactory().get("/stories/"))
    below_it = draw(menu, RequestFactory().get("/stories/one/"))
    assert on_the_page.count('aria-current="page"') == 1
    assert below_it.count("aria-current") == 1
    assert 'aria-current="true"' in below_it


def test_a_page_may_belong_under_an_entry_of_another_name(settings: Settings) -> None:
    settings.MENU = [("Stories", "stories", "ground-rules")]
    menu = "{% menu 'MENU' as items %}{% include 'parts/_menu_items.html' %}"
    assert 'aria-current="true"' in draw(menu, RequestFactory().get("/ground-rules/"))


def test_a_menu_stands_on_a_page_that_has_no_request(settings: Settings) -> None:
    settings.MENU = [("Stories", "stories")]
    assert words(draw("{% menu 'MENU' as items %}{% include 'parts/_menu_items.html' %}")) == "Stories"


# Lists ----------------------------------------------------------------------------------------------------------------


def test_another_page_of_a_list_keeps_the_search(page: HttpRequest) -> None:
    assert draw("{% page_address 3 %}", page) == "?words=food+bank&amp;page=3"


def test_pages_are_counted_with_gaps(page: HttpRequest) -> None:
    html = draw("{% include 'parts/pagination.html' %}", page, page=Paginator(range(200), 10).get_page(10))
    assert words(html) == "Previous page 1 &ctdot; 9 10 11 &ctdot; 20 Next page"
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_way_to_others(page: HttpRequest) -> None:
    html = draw("{% include 'parts/pagination.html' %}", page, page=Paginator(range(5), 10).get_page(1))
    assert "<nav" not in html


# Figures --------------------------------------------------------------------------------------------------------------


def test_a_figure_says_its_number_and_what_it_counts() -> None:
    html = draw("{% include 'parts/figures.html' %}", figures=[Figure(1284, "days"), Figure("61%", "of them")])
    assert words(html) == "days 1,284 of them 61%"


def test_no_figures_leave_no_empty_row() -> None:
    assert draw("{% include 'parts/figures.html' %}", figures=[]).strip() == ""


@pytest.mark.parametrize("counts", [[58, 52], [1, 9999], [0, 0], [30] * 4])
def test_a_flow_is_never_higher_than_the_page_bears(counts: list[int]) -> None:
    drawn = drawing.flow([Flow("Public", "Voluntary", count) for count in counts])
    heights = [band["height"] for band in drawn["bands"]]
    assert min(heights) >= drawing.LEAST_BAND
    assert sum(heights) + drawing.GAP * (len(heights) - 1) <= drawing.MOST_HIGH + drawing.LEAST_BAND


def test_a_drawing_says_the_same_in_words_and_in_a_table() -> None:
    html = draw("{% flow_figure 'Who goes where' flows %}", flows=[Flow("Public", "Voluntary", 1058)])
    assert "Public 1,058 to Voluntary 1,058" in words(html)
    assert "<caption" in html
    assert '<th scope="row" class="govuk-table__header">Public</th>' in html


def test_bars_are_as_long_as_their_share_and_nought_has_none() -> None:
    rows = drawing.bars([Bar("A", 200), Bar("B", 100), Bar("C", 1), Bar("D", 0)])["rows"]
    assert [row["percent"] for row in rows] == [99, 50, 1, 0]
    assert drawing.bars([Bar("A", 0)])["rows"][0]["percent"] == 0
    assert drawing.bars([])["rows"] == []


def test_two_drawings_on_a_page_keep_their_patterns_apart() -> None:
    one, other = (drawing.bars([Bar("A", count)])["key"] for count in (1, 2))
    assert one != other


# Acts -----------------------------------------------------------------------------------------------------------------


def test_an_act_that_changes_something_is_sent_by_post_with_its_token(page: HttpRequest) -> None:
    html = draw(
        "{% include 'parts/next_step.html' with title='Next' text='Why' url='/go/' label='Go' post=True %}", page
    )
    assert '<form method="post" action="/go/"' in html
    assert 'name="csrfmiddlewaretoken"' in html


def test_what_waits_for_somebody_else_has_no_button() -> None:
    html = draw("{% include 'parts/next_step.html' with title='Your manager decides' text='By Friday' %}")
    assert "govuk-button" not in html


def test_a_task_that_cannot_be_started_is_no_link() -> None:
    tasks = [Task("Write", "/write/", "To do", "waiting"), Task("Go", status="From 12 January")]
    html = draw("{% include 'parts/task_list.html' %}", tasks=tasks)
    assert html.count("<a ") == 1
    assert 'aria-describedby="task-1-status"' in html


def test_the_two_sides_stand_beside_each_other_and_one_alone_takes_the_width() -> None:
    go, come = Side("Harbour Advice", ("Tuesdays",)), Side("Your team", sector="vcse")
    both = draw("{% include 'parts/swap.html' %}", go=go, come=come)
    assert words(both) == "You go Harbour Advice Tuesdays in exchange They come Your team"
    assert "app-swap--one-way" in draw("{% include 'parts/swap.html' %}", go=go)


# What is wrong --------------------------------------------------------------------------------------------------------


class Name(forms.Form):
    name = forms.CharField(label="Your name")


def test_the_error_summary_stands_only_where_something_is_wrong() -> None:
    summary = "{% include 'parts/error_summary.html' %}"
    assert "There is a problem" not in draw(summary, form=Name())
    assert "There is a problem" not in draw(summary, form=Name({"name": "Aisha"}))
    html = draw(summary, form=Name({}))
    assert '<a href="#id_name">Enter your name</a>' in html


def test_several_forms_and_reasons_share_one_summary() -> None:
    html = draw(
        "{% include 'parts/error_summary.html' %}",
        forms=[Name({}, prefix="a"), Name({}, prefix="b")],
        problems=[Problem("full", "Those days are taken")],
    )
    assert html.count("There is a problem") == 1
    assert 'href="#id_a-name"' in html
    assert 'href="#id_b-name"' in html
    assert "<li>Those days are taken</li>" in html


def test_a_tab_says_first_that_something_is_wrong() -> None:
    assert draw("{% title_prefix form %}", form=Name({})) == "Error: "
    assert draw("{% title_prefix form other %}", form=Name()) == ""
