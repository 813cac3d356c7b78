"""What is one emoji.

Source: Unicode Technical Standard 51, by way of the `emoji` library.
"""

from emoji import EMOJI_DATA, STATUS

_PRESENTATION = "\ufe0f"  # Asks for the picture. Keyboards differ in where they say so.


def _bare(emoji: str) -> str:
    return emoji.replace(_PRESENTATION, "")


# As they are to be shown, by what they are without asking for it. Without those that are only a
# part of others, such as a tone of skin.
_KNOWN = {
    _bare(emoji): emoji
    for emoji, about in EMOJI_DATA.items()
    if about["status"] == STATUS["fully_qualified"]
}


def read_emoji(text: str) -> str | None:
    """The emoji that this is, always spelt the same, or None if it is not exactly one."""
    return _KNOWN.get(_bare(text))
