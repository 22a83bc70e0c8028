"""What administrators do by hand: roles of the house, brokers, checking and suspending. Each through its verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.actions import accounts, memberships, organisations
from partnerships.actions.accounts import HouseRole
from partnerships.ground.admin import ReadOnly
from partnerships.ground.problems import Refused
from partnerships.models import ApprovedDomain, Membership, Organisation, Place, User
from partnerships.permissions import me
from partnerships.problems import problems_with_domain

# Others bring pages of their own, on which an administrator could hand a second factor or an address to anybody, and
# no event would tell. They register when they are imported, which may be after us.
for module, brought in (
    ("allauth.account.admin", EmailAddress),
    ("allauth.mfa.admin", Authenticator),
    ("django.contrib.auth.admin", Group),
):
    import_module(module)
    admin.site.unregister(brought)


class ByVerbs(ReadOnly):
    """Rows to look at; what may be done to them are verbs, which refuse with sentences and leave an event."""

    def each(self, request: HttpRequest, things: Iterable[Any], verb: Callable[[Any], None]) -> None:
        done = 0
        for thing in things:
            try:
                verb(thing)
                done += 1
            except Refused as refused:
                self.message_user(request, f"{thing}: {refused}", messages.ERROR)
        words = ngettext("Done for %(count)d.", "Done for %(count)d.", done) % {"count": done}
        self.message_user(request, words, messages.SUCCESS if done else messages.WARNING)


@admin.register(User)
class UserAdmin(ByVerbs):
    list_display = ("name", "email", "is_active", "is_curator", "is_administrator", "created_at", "last_login")
    list_filter = ("is_curator", "is_administrator", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "id")
    fields = (
        "uuid", "name", "email", "language", "is_active", "is_curator", "is_administrator",
        "created_at", "last_login", "anonymised_at",
    )  # fmt: skip
    actions = ("make_curator", "end_curator", "make_administrator", "end_administrator", "remove_second_step", "close")

    def _set(self, request: HttpRequest, users: QuerySet[User], role: HouseRole, given: bool) -> None:
        by = me(request.user)
        self.each(request, users, lambda user: accounts.set_house_role(user=user, role=role, given=given, by=by))

    @admin.action(description=_("Make curator"), permissions=["view"])
    def make_curator(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set(request, queryset, "curator", True)

    @admin.action(description=_("End curator"), permissions=["view"])
    def end_curator(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set(request, queryset, "curator", False)

    @admin.action(description=_("Make administrator"), permissions=["view"])
    def make_administrator(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set(request, queryset, "administrator", True)

    @admin.action(description=_("End administrator"), permissions=["view"])
    def end_administrator(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._set(request, queryset, "administrator", False)

    @admin.action(
        description=_("Remove the second step, for somebody who lost theirs and has shown who they are"),
        permissions=["view"],
    )
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.each(request, queryset, lambda user: accounts.remove_second_factors(user=user, by=me(request.user)))

    @admin.action(description=_("Close the account, as the person asked (cannot be undone)"), permissions=["view"])
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self.each(request, queryset, lambda user: accounts.close_account(user=user, by=me(request.user)))


@admin.register(Membership)
class MembershipAdmin(ByVerbs):
    list_display = ("user", "organisation", "state", "is_coordinator", "is_broker", "is_commissioner", "created_at")
    list_filter = ("state", "is_broker", "is_coordinator")
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__name")
    ordering = ("-id",)
    actions = ("make_broker", "end_broker")

    @admin.action(description=_("Make broker in the area of their organisation"), permissions=["view"])
    def make_broker(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        by = me(request.user)
        self.each(request, queryset, lambda each: memberships.set_broker(membership=each, is_broker=True, by=by))

    @admin.action(description=_("End broker"), permissions=["view"])
    def end_broker(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        by = me(request.user)
        self.each(request, queryset, lambda each: memberships.set_broker(membership=each, is_broker=False, by=by))


@admin.register(Organisation)
class OrganisationAdmin(ByVerbs):
    list_display = ("name", "place", "field", "state", "created_at")
    list_filter = ("state", "sector", "field")
    list_select_related = ("place",)
    search_fields = ("name", "identifiers__value")
    ordering = ("name", "id")
    exclude = ("search", "register_summary")
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}
    actions = ("verify", "suspend", "resume")

    def _do(self, request: HttpRequest, rows: QuerySet[Organisation], verb: Callable[..., None]) -> None:
        act = partial(verb, by=me(request.user))
        self.each(request, rows, lambda organisation: act(organisation=organisation))

    @admin.action(description=_("Checked: let it act"), permissions=["view"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        self._do(request, queryset, organisations.verify)

    @admin.action(description=_("Suspend while something is looked into"), permissions=["view"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        self._do(request, queryset, organisations.suspend)

    @admin.action(description=_("End the suspension"), permissions=["view"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> None:
        self._do(request, queryset, organisations.resume)


@admin.register(Place)
class PlaceAdmin(ReadOnly):
    list_display = ("name", "kind", "code", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")


class ApprovedDomainForm(ModelForm[ApprovedDomain]):
    class Meta:
        model = ApprovedDomain
        fields = ("organisation", "domain")

    def clean_domain(self) -> str:
        return str(self.cleaned_data["domain"]).strip().lower().removeprefix("@")


@admin.register(ApprovedDomain)
class ApprovedDomainAdmin(ReadOnly):
    """For what a coordinator cannot add: a second domain of theirs, or one that two organisations share."""

    form = ApprovedDomainForm
    list_display = ("domain", "organisation", "shared")
    list_filter = ("shared",)
    search_fields = ("domain", "organisation__name")
    autocomplete_fields = ("organisation",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return True

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        by = me(request.user)

        class Asking(ApprovedDomainForm):
            def clean(self) -> dict[str, Any]:
                cleaned = super().clean() or self.cleaned_data
                if {"organisation", "domain"} <= cleaned.keys():
                    for problem in problems_with_domain(cleaned["organisation"], cleaned["domain"], by=by):
                        self.add_error("domain", ValidationError(problem.sentence, code=problem.code))
                return cleaned

        kwargs["form"] = Asking
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApprovedDomain, form: Any, change: bool) -> None:
        saved = organisations.approve_domain(organisation=obj.organisation, domain=obj.domain, by=me(request.user))
        obj.pk = saved.pk
