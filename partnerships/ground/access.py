"""Who may open which page: every view declares its audience with `@open_to`, and a test reads the URL table.

An audience is only the first gate. What a person may *see* inside is always a queryset, `visible_to(user)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers

P = ParamSpec("P")


class AudienceTest(Protocol):
    def __call__(self, user: Any, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Audience:
    """A named group of people. `test` takes the signed-in user; `public` needs no sign-in at all.

    What they see is about somebody in particular where it is `private`, and so is kept by nobody on the way.
    """

    name: str
    test: AudienceTest
    public: bool = False
    private: bool = False
    demonstration: bool = False


def _always(user: Any, /) -> bool:
    return True


anyone = Audience("anyone", _always, public=True)
link_holder = Audience("link holder", _always, public=True, private=True)
demo_only = Audience("demonstration", _always, public=True, demonstration=True)
signed_in = Audience("signed in", _always)
member = Audience("member", lambda user: user.is_member)
coordinator = Audience("coordinator", lambda user: user.is_coordinator)
broker = Audience("broker", lambda user: user.is_broker)
curator = Audience("curator", lambda user: user.is_curator)
administrator = Audience("administrator", lambda user: user.is_administrator)

AUDIENCES = (
    anyone,
    link_holder,
    demo_only,
    signed_in,
    member,
    coordinator,
    broker,
    curator,
    administrator,
)

View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def open_to(*audiences: Audience) -> Callable[[View[P]], View[P]]:
    """Declare who may open a view: those in any of `audiences`.

    Strangers are sent to sign in where sign-in could help; a signed-in person outside the audience gets 403;
    a demonstration page does not exist (404) outside the demonstration.
    """
    if not audiences:
        raise ValueError("A view is open to somebody.")

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if any(audience.demonstration for audience in audiences) and not settings.DEMO:
                raise Http404
            if any(audience.public for audience in audiences):
                response = view(request, *args, **kwargs)
                if any(audience.private for audience in audiences):
                    add_never_cache_headers(response)
                return response
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(audience.test(request.user) for audience in audiences):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.open_to = audiences  # type: ignore[attr-defined]  # read by the test that classifies every URL
        # Django's own gate stays on for whatever is not declared here; what is declared is judged above.
        return login_not_required(guarded)

    return declare
