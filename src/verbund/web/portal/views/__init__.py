"""Pages that span apps; the root addresses name what is said in trouble by this module."""

from __future__ import annotations

from verbund.web.portal.views.trouble import bad_request, broken, not_found, refused

__all__ = ["bad_request", "broken", "not_found", "refused"]
