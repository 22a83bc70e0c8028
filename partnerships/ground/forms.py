"""How forms are drawn: Django's own rendering, with GOV.UK Frontend's markup from templates/govuk/.

A form is written as any Django form. The renderer chooses the control from the widget, joins hint and error to it,
marks what is optional, and says what to do where a bare "This field is required." would stand.

What a form may add, each as an attribute of the form:
    mark_optional = False                       for search forms, where nothing is required
    choice_hints = {"field": {"value": "…"}}    a hint under one radio button or checkbox
    reveals = {"field": {"value": "other"}}     the field "other" opens below that choice
    headings = {"field": "…"}                   a heading over the part of a long form that begins with this field
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import EmailValidator
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.ground.dates import DateInput
from partnerships.ground.problems import Problem

# Which template draws which widget; the first that fits, so the special stand before the general.
CONTROLS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateInput, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "plain"),
    (forms.widgets.Input, "input"),
)
FIELDSETS = {"date", "checkboxes", "radios"}

# The browser must not judge, cut off or hide what was typed: the server answers with a sentence that helps.
DROPPED = {"required", "maxlength", "minlength", "min", "max", "step", "placeholder", "class", "id", "prefix", "suffix"}


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of an error summary, and the id of the control that it leads to, or the page where that control is."""

    text: str
    target: str = ""

    @property
    def href(self) -> str:
        return self.target if "/" in self.target else f"#{self.target}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button, checkbox or option."""

    id: str
    value: str
    label: str
    selected: bool
    disabled: bool = False
    hint: str = ""
    group: str = ""
    revealed: GovUKBoundField | None = None

    @property
    def attributes(self) -> SafeString:
        """What a radio button or a checkbox carries besides its class, id, name, type and value."""
        attributes: dict[str, Any] = {"checked": self.selected, "disabled": self.disabled}
        if self.hint:
            attributes["aria-describedby"] = f"{self.id}-item-hint"
        return flatatt(attributes)


class GovUKBoundField(BoundField):
    """A field of a form together with all that its template needs; the template only arranges."""

    @cached_property
    def control(self) -> str:
        for widget, name in CONTROLS:
            if isinstance(self.field.widget, widget):
                return name
        return "plain"

    @property
    def data(self) -> Any:
        """What was posted. A control of one line holds one line: browsers see to that, other programs need not.

        Names and titles stand in plain mails, where further lines would look as if we had written them.
        """
        posted = super().data
        return " ".join(posted.splitlines()) if isinstance(posted, str) and self.control == "input" else posted

    @property
    def template(self) -> str:
        return f"govuk/{self.control}.html"

    @property
    def has_fieldset(self) -> bool:
        return self.control in FIELDSETS

    @property
    def has_count(self) -> bool:
        return self.control == "textarea" and bool(getattr(self.field, "max_length", None))

    @property
    def dom_id(self) -> str:
        return self.field.widget.attrs.get("id") or self.auto_id or self.html_name

    @property
    def shown_label(self) -> str:
        asked = self.field.required or self.control == "checkbox" or not getattr(self.form, "mark_optional", True)
        return str(self.label) if asked else _("%(label)s (optional)") % {"label": self.label}

    @property
    def is_revealed(self) -> bool:
        """It is drawn below the choice that opens it, not in its own place."""
        return any(self.name in opened.values() for opened in self._of_form("reveals").values())

    @property
    def heading(self) -> str:
        """What stands over the part of a long form that begins here."""
        return str(getattr(self.form, "headings", {}).get(self.name, ""))

    @property
    def hint_id(self) -> str:
        return f"{self.dom_id}-{'item-' if self.control == 'checkbox' else ''}hint" if self.help_text else ""

    @property
    def error_id(self) -> str:
        return f"{self.dom_id}-error" if self.error_text else ""

    @property
    def described_by(self) -> str:
        info = f"{self.dom_id}-info" if self.has_count else ""
        return " ".join(filter(None, [info, self.hint_id, self.error_id]))

    @cached_property
    def error_text(self) -> str:
        return " ".join(self._error_sentences())

    @property
    def error_target(self) -> str:
        """Where the error summary leads: the first wrong part of a date, the first choice of a list, the control."""
        if self.control == "date":
            return f"{self.dom_id}-{self.wrong_parts[0]}"
        return self.dom_id

    @cached_property
    def wrong_parts(self) -> tuple[str, ...]:
        for error in self.errors.as_data():
            if error.code == "incomplete" and error.params:
                return tuple(error.params["parts"])
        return DateInput.PARTS

    @property
    def date_parts(self) -> list[dict[str, Any]]:
        parts = self.field.widget.get_context(self.html_name, self.value(), {"id": self.dom_id})["widget"]["parts"]
        return [{**part, "wrong": bool(self.errors) and part["key"] in self.wrong_parts} for part in parts]

    @property
    def classes(self) -> str:
        """Classes that the form's author gave the control, such as a width."""
        return str(self.field.widget.attrs.get("class", ""))

    @property
    def extras(self) -> Mapping[str, Any]:
        """`prefix` and `suffix` among the widget's attributes are words beside the control, such as £."""
        return {name: self.field.widget.attrs.get(name, "") for name in ("prefix", "suffix")}

    @property
    def text(self) -> str:
        widget = self.field.widget
        if isinstance(widget, forms.PasswordInput) and not widget.render_value:
            return ""
        value = widget.format_value(self.value())
        return "" if value is None else str(value)

    @property
    def input_type(self) -> str:
        kind = getattr(self.field.widget, "input_type", "text")
        # Spinners change numbers under a scrolling finger and swallow what is not a number.
        return "text" if kind == "number" else kind

    @property
    def attributes(self) -> SafeString:
        """Everything on the control besides class, id, name, type and value."""
        attributes = {name: value for name, value in self.field.widget.attrs.items() if name not in DROPPED}
        if isinstance(self.field.widget, forms.NumberInput):
            whole = isinstance(self.field, forms.IntegerField) and not isinstance(self.field, forms.FloatField)
            attributes.setdefault("inputmode", "numeric" if whole else "decimal")
        if isinstance(self.field.widget, forms.NumberInput | forms.EmailInput):
            attributes.setdefault("spellcheck", "false")
        if self.control == "textarea":
            # Django's own default is ten lines, written as a text; what a form's author asks for is a number.
            attributes["rows"] = 5 if attributes.get("rows") in {None, "10"} else attributes["rows"]
            attributes.pop("cols", None)
        if self.control == "select" and getattr(self.field.widget, "allow_multiple_selected", False):
            attributes["multiple"] = True
        if self.field.disabled:
            attributes["disabled"] = True
        if not self.has_fieldset and self.described_by:
            attributes["aria-describedby"] = " ".join(filter(None, [self._extra_description(), self.described_by]))
        return flatatt(attributes)

    @property
    def script_words(self) -> SafeString:
        """What GOV.UK's script says in the language of the page; in English it knows the words itself."""
        if (get_language() or "en").startswith("en"):
            return flatatt({})
        if self.has_count:
            words = {
                "characters-under-limit.one": _("You have %{count} character remaining"),
                "characters-under-limit.other": _("You have %{count} characters remaining"),
                "characters-at-limit": _("You have 0 characters remaining"),
                "characters-over-limit.one": _("You have %{count} character too many"),
                "characters-over-limit.other": _("You have %{count} characters too many"),
            }
        else:
            words = {
                "show-password": _("Show"),
                "hide-password": _("Hide"),
                "show-password-aria-label": _("Show password"),
                "hide-password-aria-label": _("Hide password"),
                "password-shown-announcement": _("Your password is visible"),
                "password-hidden-announcement": _("Your password is hidden"),
            }
        return flatatt({f"data-i18n.{name}": text for name, text in words.items()})

    @property
    def checkbox_value(self) -> str:
        return str(self.field.widget.attrs.get("value", "on"))

    @property
    def choices(self) -> list[Choice]:
        return list(self._choices())

    def _choices(self) -> Iterator[Choice]:
        widget = self.field.widget
        if not isinstance(widget, forms.widgets.ChoiceWidget):
            return
        hints = self._of_form("choice_hints").get(self.name, {})
        reveals = self._of_form("reveals").get(self.name, {})
        number = 0
        for group, options, _index in widget.optgroups(self.html_name, widget.format_value(self.value())):
            for option in options:
                number += 1
                value = "" if option["value"] is None else str(option["value"])
                blank = (option["value"] or "", option["label"]) == BLANK_CHOICE_DASH[0]
                yield Choice(
                    id=self.dom_id if number == 1 else f"{self.dom_id}-{number}",
                    value=value,
                    label=_("Choose") if blank else str(option["label"]),
                    selected=bool(option["selected"]),
                    disabled=self.field.disabled or bool(option["attrs"].get("disabled")),
                    hint=str(hints.get(value, "")),
                    group=str(group or ""),
                    # A form of ours gives fields of ours: its renderer names the class, which the stubs cannot know.
                    revealed=cast(GovUKBoundField, self.form[reveals[value]]) if value in reveals else None,
                )

    def _of_form(self, name: str) -> Mapping[str, Mapping[str, str]]:
        return getattr(self.form, name, {})

    def _extra_description(self) -> str:
        return str(self.field.widget.attrs.get("aria-describedby", ""))

    def _error_sentences(self) -> Iterator[str]:
        # Only Django's own words are put better; a message that somebody wrote for this form stands.
        bare: dict[str, Callable[[], str]] = {
            str(forms.Field.default_error_messages["required"]): self._what_to_do,
            str(EmailValidator.message): lambda: _("Enter an email address in full, like name@example.org"),
            str(forms.IntegerField.default_error_messages["invalid"]): lambda: _("Enter a whole number, like 3"),
        }
        for message in (str(message) for error in self.errors.as_data() for message in error.messages):
            yield bare[message]() if message in bare else message

    def _what_to_do(self) -> str:
        """The sentence in place of "This field is required."."""
        label = str(self.label)
        if self.control == "checkbox":
            return _("Tick the box to go on: %(label)s") % {"label": label}
        picks = self.control in {"radios", "checkboxes", "select", "file"}
        if label.endswith("?"):
            # Better is a sentence of the form's own: "Say what you hope to learn".
            question = {"label": label}
            return _("Choose an answer to “%(label)s”") % question if picks else _("Answer “%(label)s”") % question
        # "Your name" reads on as "your name", but "VCSE partner" and "I agree" keep their capitals.
        starts_a_word = len(label) > 1 and label[1].islower()
        label = label[0].lower() + label[1:] if starts_a_word else label
        if picks:
            return _("Choose %(label)s") % {"label": label}
        return _("Enter %(label)s") % {"label": label}


class GovUKRenderer(TemplatesSetting):
    """`FORM_RENDERER`. Widgets' own templates stay as Django made them: the admin site uses those."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovUKBoundField


def error_lines(form: forms.BaseForm) -> list[ErrorLine]:
    """Every error of a form in the order of its fields, each with the control that it leads to."""
    if not form.is_bound or not form.errors:
        return []
    lines = [ErrorLine(str(message)) for message in form.non_field_errors()]
    for field in form:
        if field.errors and isinstance(field, GovUKBoundField):
            target = "" if field.is_hidden else field.error_target
            lines.append(ErrorLine(capfirst(field.error_text), target))
    return lines


def add_problems(form: forms.BaseForm, problems: Iterable[Problem]) -> None:
    """Show why a verb refused: each sentence on its field where the form has it, above the form otherwise."""
    for problem in problems:
        field = problem.field if problem.field in form.fields else NON_FIELD_ERRORS
        form.add_error(field, ValidationError(problem.sentence, code=problem.code))
