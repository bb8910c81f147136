"""The Django platform."""
