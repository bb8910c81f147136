"""What changes what members say about themselves."""

from django.dispatch import Signal

profile_changed = Signal()
"""Sent after profile, offers or requests of organisations changed.

With `networks`: theirs, and `organisations`: their keys; without, of any number of them.
"""
