"""What the program says: Chinese in the code, other languages from a catalogue."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

__all__ = ["Catalogue", "Message", "as_typed", "closest", "listed", "near", "say", "spoken"]

PLAIN_WORD = re.compile(r"[\w./\\:+@~=,-]+")


class Message(str):
    """A Chinese sentence that remembers its template, so that it can be said in another language."""

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any]) -> Message:
        """Fill the template and keep it with its values."""
        message = super().__new__(cls, template.format(**values) if values else template)
        message.template = template
        message.values = values
        return message

    def __reduce__(self) -> tuple[Callable[..., Message], tuple[str, dict[str, Any]]]:
        """Travel between processes with the template."""
        return Message, (self.template, dict(self.values))


def say(template: str, /, **values: Any) -> Message:
    """Return the Chinese message; `{name}` in it stands for the value of that name."""
    return Message(template, values)


def listed(items: Iterable[object]) -> Message:
    """Return the items as one message, parted as a list is in each language."""
    first, *others = [item if isinstance(item, Message) else str(item) for item in items] or [""]
    return say("{item}、{others}", item=first, others=listed(others)) if others else say("{item}", item=first)


def as_typed(word: object) -> str:
    """Return a word of a command as it must be typed on any system: in quotes, where it has blanks and the like."""
    return str(word) if PLAIN_WORD.fullmatch(str(word)) else f'"{word}"'


def spoken(error: BaseException) -> str:
    """Return what an exception says, as a message where it was given one."""
    return error.args[0] if error.args and isinstance(error.args[0], Message) else str(error)


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name that looks most like this one, in capitals or not; "" where none does."""
    folded: dict[str, str] = {}
    for one in known:
        folded.setdefault(one.casefold(), one)
    return next((folded[found] for found in difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)), "")


def near(name: str, known: Iterable[str]) -> Message:
    """Return "did you mean" for a name that is not known, or an empty message."""
    found = closest(name, known)
    return say("；是否想写“{near}”？", near=found) if found else say("")


class Catalogue:
    """Say messages in one language; a template the catalogue lacks stays Chinese."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        """Take Chinese templates with their counterparts."""
        self._templates = templates

    @property
    def speaks(self) -> bool:
        """Tell whether this is another language than Chinese."""
        return bool(self._templates)

    def text(self, message: str) -> str:
        """Return the message in this language."""
        if not self._templates:
            return str(message)
        if not isinstance(message, Message):
            return self._templates.get(message, message)
        template = self._templates.get(message.template, message.template)
        values = {name: self._value(value) for name, value in message.values.items()}
        return template.format(**values) if values else template

    def _value(self, value: Any) -> Any:
        return self.text(value) if isinstance(value, str) else value
