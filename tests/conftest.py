"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# The same examples in every run; slow machines are no failures.
settings.register_profile("verbund", derandomize=True, deadline=None)
settings.load_profile("verbund")
