"""Sign-in by an OpenID Connect provider, for people who were invited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest
from django.shortcuts import render

from verbund.web.accounts.models import User

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin


class OnlyInvited(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The address that the provider has verified is who somebody is; nothing else is kept of it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Take the provider's word for an address, find its account, and go on to second factors.

        Raises
        ------
        ImmediateHttpResponse
            With a page that says why not: the address is not verified, or nobody invited it.
        """
        given = sociallogin.email_addresses
        verified = [one.email for one in given if one.verified is True]
        if not verified:
            raise _refused(request, sociallogin, email=given[0].email if given else "")
        person = User.objects.filter(email__iexact=verified[0]).first()
        if person is None:
            raise _refused(request, sociallogin, email=verified[0], is_verified=True)
        sociallogin.user = person
        # Never tied to the account of somebody who is signed in: the address alone decides.
        sociallogin.state["process"] = AuthProcess.LOGIN


def _refused(request: HttpRequest, login: SocialLogin, **said: Any) -> ImmediateHttpResponse:
    context = said | {"provider": login.provider.name}
    return ImmediateHttpResponse(
        render(request, "account/provider_refused.html", context, status=403)
    )
