"""What the template of a field asks: its input, in our classes."""

from django import template
from django.forms import BoundField

register = template.Library()


@register.simple_tag
def saisie(champ: BoundField, **attributs: str | bool) -> str:
    """The input, with these attributes rather than those that a library gave it: no placeholder, which goes away."""
    return champ.as_widget(attrs=attributs)
