"""Profiles that stay true: asked twice a year by mail, answered without signing in."""
