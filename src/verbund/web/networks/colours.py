"""Colours of networks: readable on the sheet in both themes, or refused with a proposal."""

from __future__ import annotations

import colorsys

LIGHT_SHEET, DARK_SHEET = "#ffffff", "#151c1b"
ENOUGH = 3.0  # WCAG 2.1, 1.4.11: graphical objects
# Colours to begin with: on white, and the same on dark ground.
HUES = {
    "#1d5fae": "#7fb5f4",
    "#b98200": "#f2c04d",
    "#0f7285": "#5cc4d8",
    "#7a4bb0": "#c3a0ee",
    "#b02a78": "#f08cc4",
    "#b3372f": "#f08a80",
    "#8a5a2b": "#d9a878",
    "#55677a": "#aab9c8",
}


def on_dark(colour: str) -> str:
    """Return the colour a network has on dark ground, if nobody chose one."""
    return HUES.get(colour) or readable(colour, DARK_SHEET)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, sheet: str) -> str:
    """Return the nearest colour of the same hue that stands out enough from the sheet."""
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = -0.01 if sheet == LIGHT_SHEET else 0.01
    found = colour
    while contrast(found, sheet) < ENOUGH:
        light = min(max(light + step, 0), 1)
        parts = colorsys.hls_to_rgb(hue, light, saturation)
        found = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    return found


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
