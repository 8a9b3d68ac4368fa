"""A day as visitors and agents type it."""

import re
from datetime import date
from typing import Any

from django import forms

from dossier.rules.francais import MOIS

FORMAT = "Format attendu\u00a0: JJ/MM/AAAA"
DATE_INCONNUE = "Cette date n'existe pas ou n'est pas lisible. Saisissez-la ainsi\u00a0: 14/03/2026."
_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"]
_EN_LETTRES = re.compile(rf"(\d{{1,2}})(?:er)? ({'|'.join(MOIS)}) (\d{{4}})")


class JourField(forms.DateField):
    """14/03/2026, 14-03-2026, 14.03.2026, 2026-03-14 or 14 mars 2026. ``obligatoire``: what is said of nothing."""

    widget = forms.TextInput

    def __init__(self, *, obligatoire: str = DATE_INCONNUE, invalide: str = DATE_INCONNUE, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", f"{FORMAT}.")
        super().__init__(
            input_formats=_FORMATS, error_messages={"required": obligatoire, "invalid": invalide}, **kwargs
        )
        self.widget.attrs |= {"autocomplete": "off", "maxlength": "40"}

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and (lettres := _EN_LETTRES.fullmatch(" ".join(value.lower().split()))):
            value = f"{lettres[1]}/{MOIS.index(lettres[2]) + 1}/{lettres[3]}"
        return super().to_python(value)
