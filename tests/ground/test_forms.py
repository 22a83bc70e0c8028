"""Our forms draw what GOV.UK Frontend asks for: compared with the HTML that the package itself expects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django import forms
from django.conf import settings
from django.forms.utils import ErrorDict, ErrorList
from django.template.loader import render_to_string
from django.utils import translation

from partnerships.ground.dates import DateField
from partnerships.ground.forms import ErrorLine, add_problems, error_lines
from partnerships.ground.problems import Problem

COMPONENTS = Path(settings.BASE_DIR) / "node_modules/govuk-frontend/dist/govuk/components"
Options = dict[str, Any]

# The options of each component that our forms offer. A fixture that uses any other option is not ours to match.
COMMON = {"id", "name", "label", "hint", "errorMessage", "classes", "describedBy"}
OFFERED: dict[str, set[str]] = {
    "input": COMMON
    | {"type", "value", "prefix", "suffix", "inputmode", "autocomplete", "spellcheck", "pattern", "disabled"}
    | {"autocapitalize"},
    "textarea": COMMON | {"value", "rows", "autocomplete", "spellcheck"},
    "character-count": COMMON | {"value", "rows", "maxlength", "spellcheck"},
    "select": COMMON | {"items", "value"},
    "radios": {"idPrefix", "name", "hint", "errorMessage", "classes", "fieldset", "items", "value"},
    "checkboxes": {"idPrefix", "name", "hint", "errorMessage", "classes", "fieldset", "items", "values"},
    "date-input": {"id", "namePrefix", "hint", "errorMessage", "fieldset", "values"},
    "file-upload": COMMON - {"describedBy"},
    "password-input": COMMON | {"value", "autocomplete"},
}
NEEDED = {"character-count": {"maxlength"}, "select": {"items"}}
PLAIN_ITEM = {"value", "text", "checked", "selected", "hint"}


class _Tokens(HTMLParser):
    """Tags with their attributes in one order, and text with its spaces collapsed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # How often a word stands in a class or a description, and in which order, makes no difference to anybody.
        tidy = {name: " ".join(sorted((value or "").split())) for name, value in attrs}
        self.found.append((tag, sorted(tidy.items())))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(" ".join(data.split()))


def tokens(html: str) -> list[Any]:
    parser = _Tokens()
    parser.feed(html)
    return parser.found


def _only_text(part: Any) -> bool:
    return part is None or set(part) <= {"text"}


def _is_offered(component: str, options: Options) -> bool:
    items = options.get("items", [])
    legend = (options.get("fieldset") or {}).get("legend")
    return (
        set(options) <= OFFERED[component]
        and NEEDED.get(component, set()) <= set(options)
        and options.get("type") != "number"  # ours asks for digits by `inputmode`, as the design system advises
        and all(_only_text(options.get(part)) for part in ("label", "hint", "errorMessage", "prefix", "suffix"))
        and all(item and set(item) <= PLAIN_ITEM and _only_text(item.get("hint")) for item in items)
        and all("value" in item and item["value"] not in {"", None, False} for item in items)
        and all(item.get("selected") is not False for item in items)
        and set(options.get("fieldset") or {}) <= {"legend"}
        and _only_text(legend)
        and (component not in {"radios", "checkboxes", "date-input"} or bool(legend))
    )


def _cases() -> Iterator[Any]:
    for component in OFFERED:
        path = COMPONENTS / component / "fixtures.json"
        if not path.exists():
            continue
        for fixture in json.loads(path.read_text())["fixtures"]:
            if _is_offered(component, fixture["options"]):
                yield pytest.param(component, fixture, id=f"{component}: {fixture['name']}")


CASES = list(_cases())


def _widget_attributes(options: Options) -> dict[str, Any]:
    names = {"inputmode", "autocomplete", "pattern", "autocapitalize", "rows"}
    attributes: dict[str, Any] = {name: options[name] for name in names & set(options)}
    if "spellcheck" in options:
        attributes["spellcheck"] = str(options["spellcheck"]).lower()
    if "describedBy" in options:
        attributes["aria-describedby"] = options["describedBy"]
    for part in ("prefix", "suffix"):
        if part in options:
            attributes[part] = options[part]["text"]
    attributes["id"] = options.get("id") or options.get("idPrefix") or options.get("name")
    attributes["class"] = options.get("classes", "")
    return attributes


def _choices(options: Options) -> list[tuple[str, str]]:
    return [(str(item["value"]), item["text"]) for item in options["items"]]


def _field(component: str, options: Options) -> forms.Field:
    attributes = _widget_attributes(options)
    label = (options.get("label") or (options.get("fieldset") or {}).get("legend") or {}).get("text", "")
    words: dict[str, Any] = {"label": label, "help_text": (options.get("hint") or {}).get("text", "")}
    if component == "input":
        widget = forms.TextInput(attributes)
        widget.input_type = options.get("type", "text")
        return forms.CharField(widget=widget, disabled=options.get("disabled", False), **words)
    if component in {"textarea", "character-count"}:
        longest = options.get("maxlength")
        return forms.CharField(widget=forms.Textarea(attributes), max_length=longest and int(longest), **words)
    if component == "select":
        return forms.ChoiceField(choices=_choices(options), widget=forms.Select(attributes), **words)
    if component == "radios":
        return forms.ChoiceField(choices=_choices(options), widget=forms.RadioSelect(attributes), **words)
    if component == "checkboxes":
        widget_class = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=_choices(options), widget=widget_class(attributes), **words)
    if component == "date-input":
        field = DateField(**words)
        field.widget.attrs["id"] = options["id"]
        return field
    if component == "file-upload":
        return forms.FileField(widget=forms.FileInput(attributes), **words)
    attributes.setdefault("autocomplete", "current-password")
    return forms.CharField(widget=forms.PasswordInput(attributes, render_value=True), **words)


def _value(component: str, options: Options) -> Any:
    items = options.get("items", [])
    chosen = [str(item["value"]) for item in items if item.get("checked") or item.get("selected")]
    if component == "checkboxes":
        return chosen or [str(value) for value in options.get("values", [])]
    if component == "date-input":
        typed = {name.rpartition("-")[2]: str(value) for name, value in options.get("values", {}).items()}
        return tuple(typed.get(part, "") for part in ("day", "month", "year"))
    return chosen[0] if chosen else options.get("value", "")


def _draw(component: str, options: Options) -> str:
    name = options.get("name") or options.get("namePrefix") or options.get("idPrefix") or options["id"]
    hints = {str(item["value"]): item["hint"]["text"] for item in options.get("items", []) if item.get("hint")}
    error = (options.get("errorMessage") or {}).get("text")
    value = _value(component, options)
    data: Options = {name: value}
    if component == "date-input":
        data = {f"{name}-{part}": typed for part, typed in zip(("day", "month", "year"), value, strict=True)}

    class Given(forms.Form):
        choice_hints = {name: hints}

        @property
        def errors(self) -> ErrorDict:
            """What the fixture calls wrong, which need not be wrong to Django."""
            return ErrorDict({name: ErrorList([error])} if error else {})

    form = Given(data if error else None, initial={name: value})
    form.fields[name] = _field(component, options)
    html = str(form[name].as_field_group())
    if component == "date-input" and "namePrefix" not in options:
        html = html.replace(f'name="{name}-', 'name="')
    return html


@pytest.mark.built
def test_most_of_what_the_package_expects_is_compared() -> None:
    assert len(CASES) >= 60


@pytest.mark.built
@pytest.mark.parametrize(("component", "fixture"), CASES)
def test_a_field_is_drawn_as_the_package_expects(component: str, fixture: Options) -> None:
    assert tokens(_draw(component, fixture["options"])) == tokens(fixture["html"])


@pytest.mark.built
def test_the_error_summary_is_drawn_as_the_package_expects() -> None:
    for fixture in json.loads((COMPONENTS / "error-summary/fixtures.json").read_text())["fixtures"]:
        if fixture["name"] in {"default", "without links", "mixed with and without links"}:
            lines = [
                ErrorLine(line["text"], line.get("href", "").removeprefix("#"))
                for line in fixture["options"]["errorList"]
            ]
            html = render_to_string("parts/_error_lines.html", {"lines": lines})
            assert tokens(html) == tokens(fixture["html"])


# What the package's fixtures cannot say -------------------------------------------------------------------------------


class Visit(forms.Form):
    name = forms.CharField(label="Your name")
    email = forms.EmailField(label="Your email")
    days = forms.IntegerField(label="How many days?", min_value=1)
    starts_on = DateField(label="First day")
    sector = forms.ChoiceField(
        label="Where do you work?", choices=[("public", "Public"), ("vcse", "Voluntary")], widget=forms.RadioSelect
    )
    funds = forms.ChoiceField(
        label="Do you fund them?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    funds_how = forms.CharField(label="In what way?", required=False)
    rules = forms.BooleanField(label="I have read the ground rules")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    reveals = {"funds": {"yes": "funds_how"}}


def _visit(**typed: str) -> Visit:
    return Visit(typed)


def test_each_error_leads_to_its_first_control() -> None:
    targets = {line.target for line in error_lines(_visit())}
    assert targets == {
        *("id_name", "id_email", "id_days", "id_starts_on-day", "id_sector", "id_funds", "id_rules", "id_secret")
    }
    html = str(_visit())
    assert all(re.search(rf'<(input|select|textarea)[^>]* id="{target}"', html) for target in targets)


def test_an_error_says_what_to_do() -> None:
    said = {line.target: line.text for line in error_lines(_visit(email="aisha at council", days="soon"))}
    assert said["id_name"] == "Enter your name"
    assert said["id_email"] == "Enter an email address in full, like name@example.org"
    assert said["id_days"] == "Enter a whole number, like 3"
    assert said["id_sector"] == "Choose an answer to “Where do you work?”"
    assert said["id_rules"] == "Tick the box to go on: I have read the ground rules"


def test_a_long_form_has_headings_over_its_parts() -> None:
    class Long(Visit):
        headings: ClassVar = {"starts_on": "Your visit", "left_out": "Of a field that this form has not"}

    html = str(Long())
    assert html.count("<h2") == 1
    assert html.index("How many days?") < html.index("Your visit") < html.index("First day")


def test_a_sentence_written_for_the_form_stands() -> None:
    class Own(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who you are"})

    assert [line.text for line in error_lines(Own({}))] == ["Say who you are"]


def test_what_was_typed_stays_but_a_password_does_not() -> None:
    html = str(
        _visit(name="Aisha <3", email="aisha at council", days="soon", secret="hunter2", **{"starts_on-day": "31"})
    )
    assert 'value="Aisha &lt;3"' in html
    assert 'value="aisha at council"' in html
    assert 'value="soon"' in html
    assert 'value="31"' in html
    assert "hunter2" not in html


def test_the_browser_is_not_asked_to_judge() -> None:
    html = str(_visit())
    assert not re.search(r"\s(required|maxlength|min|max|step|placeholder)[=\s>]", html)
    assert 'inputmode="numeric"' in html


def test_a_hidden_field_is_only_hidden() -> None:
    assert str(_visit()).startswith('<input type="hidden" name="token" id="id_token">')


def test_what_is_optional_says_so_unless_the_form_asks_for_nothing() -> None:
    class Search(Visit):
        mark_optional = False

    assert "In what way? (optional)" in str(Visit())
    assert "(optional)" not in str(Search())


def test_a_field_that_a_choice_opens_stands_below_that_choice_and_nowhere_else() -> None:
    html = str(Visit())
    assert html.count('name="funds_how"') == 1
    opened = html[html.index('<div class="govuk-radios__conditional">') :]
    assert opened.index('name="funds_how"') < opened.index('value="no"')


def test_the_script_speaks_the_language_of_the_page() -> None:
    with translation.override("cy"):
        assert 'data-i18n.show-password="' in str(Visit())
    assert "data-i18n" not in str(Visit())


def test_an_empty_option_is_a_word_and_not_a_line() -> None:
    class Place(forms.Form):
        place = forms.ChoiceField(choices=[("", "---------"), ("leeds", "Leeds")])

    html = str(Place())
    assert '<option value="" selected>Choose</option>' in html
    assert "----" not in html


def test_options_keep_their_groups() -> None:
    class Place(forms.Form):
        place = forms.ChoiceField(choices=[("North", [("leeds", "Leeds")]), ("South", [("bath", "Bath")])])

    html = str(Place())
    assert '<optgroup label="North"><option value="leeds">Leeds</option></optgroup>' in html
    assert html.count("<optgroup") == 2


def test_a_refusal_stands_on_its_field_or_above_the_form() -> None:
    form = _visit()
    add_problems(form, [Problem("full", "Those days are taken", field="days"), Problem("closed", "They are closed")])
    lines = error_lines(form)
    assert lines[0] == ErrorLine("They are closed", "")
    assert any(line.target == "id_days" and "Those days are taken" in line.text for line in lines)


def test_a_form_without_answers_has_no_errors() -> None:
    assert error_lines(Visit()) == []


def test_the_admin_sites_controls_stay_as_django_made_them() -> None:
    assert str(Visit()["name"]) == '<input type="text" name="name" required id="id_name">'


def test_one_line_stays_one_line_whatever_is_posted() -> None:
    class Told(forms.Form):
        name = forms.CharField()
        story = forms.CharField(widget=forms.Textarea)

    posted = "Jo\r\n\r\nYour account ends today:\u2028https://evil.example"
    told = Told({"name": posted, "story": posted})
    assert told.is_valid()
    assert told.cleaned_data["name"] == "Jo  Your account ends today: https://evil.example"
    assert told.cleaned_data["story"].splitlines() == posted.splitlines()


def test_django_by_itself_would_keep_the_lines() -> None:
    """The negative control."""
    assert forms.CharField().clean("Jo\r\nand more") == "Jo\r\nand more"
