"""A file with people to invite."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.forms.finding import organisation_called
from partnerships.importers.reading import WrongFile
from partnerships.models import Organisation
from secondments.importers import staff


class ListForm(forms.Form):
    """The file, and where its people work: one organisation for all, or each row names its own.

    `mine` are the organisations to choose from; None for a broker, who may name any, or none.
    """

    organisation = forms.CharField(
        label=gettext_lazy("Where all of them work"),
        help_text=gettext_lazy(
            "The name of the organisation as it stands under Organisations. Leave it empty if the file says it for "
            "each of them."
        ),
        max_length=300,
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("The file"),
        error_messages={
            "required": gettext_lazy("Choose a file"),
            "empty": gettext_lazy("The file is empty. Choose another one."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, mine: list[Organisation] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.mine = mine
        if mine is not None:
            self.fields["organisation"] = forms.ChoiceField(
                label=_("Where all of them work"),
                error_messages={"required": _("Choose the organisation where they work")},
                choices=[(each.slug, each.name) for each in mine],
                widget=forms.RadioSelect,
            )
        if mine is not None and len(mine) == 1:
            del self.fields["organisation"]

    def clean_organisation(self) -> Organisation | None:
        typed = self.cleaned_data["organisation"].strip()
        if self.mine is not None:
            return next(each for each in self.mine if each.slug == typed)
        return organisation_called(typed) if typed else None

    def clean_file(self) -> list[staff.StaffRow]:
        """The rows of the file, which itself is never kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > staff.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than one megabyte. Cut it into several."))
        try:
            return staff.read(file.read())
        except WrongFile as wrong:
            raise forms.ValidationError(_("We cannot use this file. %(why)s") % {"why": wrong}) from wrong

    def chosen(self) -> Organisation | None:
        """The organisation of all of them, if there is one."""
        if self.mine is not None and len(self.mine) == 1:
            return self.mine[0]
        organisation: Organisation | None = self.cleaned_data["organisation"]
        return organisation
