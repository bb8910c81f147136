"""Where somebody says which mails they get: by the link of a mail, without signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from verbund.web.core import addresses, toasts
from verbund.web.core.responses import private
from verbund.web.networks.requests import Request

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_ONE_CLICK = ("List-Unsubscribe", "One-Click")  # as a mail program posts it (RFC 8058)


@login_required
def my_mails(request: Request) -> HttpResponse:
    """Lead to the choice for the address somebody signs in with."""
    person = cast("User", request.user)
    return redirect("mail_choices", addresses.choice_token(person.email))


@csrf_exempt  # the signed link is the permission; mail programs know no other
def choices(request: Request, token: str) -> HttpResponse:
    found = addresses.read_choice(token)
    if found is None:
        return render(request, "portal/mail_choices_gone.html", status=410)
    address, about = found
    if request.POST.get(_ONE_CLICK[0]) == _ONE_CLICK[1]:
        addresses.stop(address, about)
        return HttpResponse(_("You get no more mails of this kind."), content_type="text/plain")
    if request.method == "POST":
        wanted = set(request.POST.getlist("wanted"))
        choosable = [kind.key for kind in addresses.kinds() if not kind.is_necessary]
        addresses.choose(address, unwanted=[key for key in choosable if key not in wanted])
        toasts.say(request, _("Your choice for %(address)s is kept.") % {"address": address})
        return redirect("mail_choices", token)
    context = {"address": address, "kinds": addresses.kinds(), "about": about}
    return private(render(request, "portal/mail_choices.html", context))
