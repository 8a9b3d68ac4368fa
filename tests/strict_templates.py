"""An undefined variable in one of our templates fails the test; in a library's it stays empty, as in production."""

import sys
from types import FrameType

from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node


class UndefinedVariable(Exception):
    """A template of ours names something that its view did not give. `{% if %}` may ask; `{{ }}` may not."""


class Undefined(str):
    """The engine's `string_if_invalid`: Django asks whether it is true just when a variable was not found."""

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = sys._getframe(1)  # the only way to know which variable of which template is missing
        if frame.f_code is FilterExpression.resolve.__code__:
            template = _template_of(frame)
            if any(template.startswith(f"{directory}/") for directory in settings.TEMPLATES[0]["DIRS"]):
                raise UndefinedVariable(f"{template}: {frame.f_locals['self'].token}")
        return False


def _template_of(frame: FrameType | None) -> str:
    """Name the file of the node being rendered, "" when there is none."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if frame.f_code.co_name == "render_annotated" and isinstance(node, Node):
            return str(getattr(node, "origin", ""))
        frame = frame.f_back
    return ""


def forbid_undefined_variables() -> None:
    """Make the site's engine strict, for the whole process."""
    engines["django"].engine.string_if_invalid = Undefined()
