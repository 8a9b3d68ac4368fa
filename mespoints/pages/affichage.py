"""Light or dark: the visitor's choice, which a cookie keeps and the server writes into each page, without script."""

from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mespoints.lib.http import is_own_path, readonly_view
from mespoints.lib.layout import get_theme, set_theme

APPAREIL: Final = "appareil"
CHOIX: Final = {
    "light": "L'affichage est clair.",
    "dark": "L'affichage est sombre.",
    APPAREIL: "L'affichage suit votre appareil.",
}
CHOISIR: Final = "Choisissez l'un des trois affichages."


class AffichageForm(forms.Form):
    """The display wanted: ``light``, ``dark`` or ``appareil``."""

    theme = forms.ChoiceField(
        choices=[(valeur, valeur) for valeur in CHOIX],
        error_messages={"required": CHOISIR, "invalid_choice": CHOISIR},
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@readonly_view
def affichage(request: HttpRequest) -> HttpResponse:
    """Ask for the display; once chosen, lead back to the page from which the visitor came."""
    suite = (request.POST if request.method == "POST" else request.GET).get("next", "")
    suite = suite if is_own_path(suite) else ""
    form = AffichageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        theme = form.cleaned_data["theme"]
        response = redirect(suite or "accueil")
        set_theme(response, theme)
        messages.success(request, CHOIX[theme])
        return response
    return render(request, "affichage.html", {"form": form, "suite": suite, "choisi": get_theme(request) or APPAREIL})
