"""The mails that the demonstration would have sent."""

from __future__ import annotations

from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from partnerships.ground.access import demo_only, open_to
from partnerships.ground.look import Fact
from partnerships.ground.models import OutboxMail
from partnerships.ground.templatetags.look import moment

PAGE = 25


@require_safe
@open_to(demo_only)
def demo_mail(request: HttpRequest) -> HttpResponse:
    mails = OutboxMail.objects.order_by("-id").defer("text", "html")
    return render(
        request, "partnerships/demo_mail.html", {"page": Paginator(mails, PAGE).get_page(request.GET.get("page"))}
    )


@require_safe
@open_to(demo_only)
def demo_mail_message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    mail = get_object_or_404(OutboxMail, uuid=uuid)
    facts = [
        Fact(_("To"), mail.to),
        Fact(_("From"), mail.sender),
        Fact(_("Written"), moment(mail.created_at)),
        Fact(_("State"), mail.get_state_display()),
    ]
    return render(request, "partnerships/demo_mail_message.html", {"mail": mail, "facts": facts})


# A mail carries its styles in its own text, which no page of ours may do, so it is shown in a frame that may do
# nothing else: no script, no form, no picture from elsewhere. Its links open in the whole window.
@require_safe
@open_to(demo_only)
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # django-csp's types know no view with arguments from its address
    {
        "default-src": [NONE],
        "style-src": [UNSAFE_INLINE],
        "img-src": [SELF],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
def demo_mail_html(request: HttpRequest, uuid: UUID) -> HttpResponse:
    mail = get_object_or_404(OutboxMail.objects.exclude(html=""), uuid=uuid)
    return HttpResponse(mail.html.replace("<head>", '<head><base target="_top">', 1))
