"""One's own account, and whom one can be in the demo."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from verbund.web.accounts.forms import AccountForm
from verbund.web.accounts.models import User
from verbund.web.accounts.services import change_account
from verbund.web.core import toasts
from verbund.web.core.models import AuditEntry, Mail
from verbund.web.core.services import today
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Role, holds
from verbund.web.networks.requests import Request
from verbund.web.portal.queries import demo_roles


@login_required
def account(request: Request) -> HttpResponse:
    user = cast("User", request.user)
    # The form writes into its own copy: a refused name must not stand in the page's frame.
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        change_account(user, **form.cleaned_data)
        with translation.override(form.cleaned_data["language"]):
            toasts.say(request, _("From now on: %(name)s, in English.") % form.cleaned_data)
        response = redirect("account")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax"
        )
        return response
    return render(request, "portal/account.html", {"form": form} | _stored_about(user))


def _stored_about(person: User) -> dict[str, object]:
    named = ContactPerson.objects.annotate(address=Lower("email")).filter(
        address=person.email.lower()
    )
    return {
        "roles": Role.objects.filter(holds(today()), user=person).select_related(
            "network", "organisation"
        ),
        "changes": AuditEntry.objects.filter(actor=person).count(),
        "mails": Mail.objects.filter(to__iexact=person.email).count(),
        "named": named.select_related("organisation"),
    }


def demo_people(request: Request) -> HttpResponse:
    """Let anybody be anybody of the demo; outside the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        return _become(request)
    context = {"people": demo_roles(today()), "current": request.viewer.user_id}
    return render(request, "portal/demo_people.html", context)


def _become(request: Request) -> HttpResponse:
    wanted = request.POST.get("person", "")
    if not wanted:
        logout(request)
        return redirect("home")
    people = User.objects.filter(email__endswith="@demo.example", is_active=True)
    person = get_object_or_404(people, pk=wanted if wanted.isdecimal() else 0)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
