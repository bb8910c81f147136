"""What changes who may see what."""

from django.dispatch import Signal

sharing_changed = Signal()
"""Sent after a rule, a consent or a membership changed, with `networks`: the ids concerned."""
