"""Words of the sign-in library that we say ourselves in German.

The library addresses its readers informally. Our catalogue comes before its own, so naming a
string here is enough to have it translated in ours.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

OURS = (
    gettext_noop("Authenticator code"),
    gettext_noop("Code"),
    gettext_noop("Current Password"),
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("Forgot your password?"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Password"),
    gettext_noop("Password (again)"),
    gettext_noop("The password reset token was invalid."),
    gettext_noop("You must type the same password each time."),
)
