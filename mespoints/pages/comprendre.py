"""How points are lost and given back, for everybody, and two calculators. No account, nothing kept."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view
from mespoints.pages import presenters
from mespoints.pages.forms import RemiseForm, RetourForm


@login_not_required
@require_safe
@readonly_view
def comprendre(request: HttpRequest) -> HttpResponse:
    """The rules, each with its article, and the letters."""
    return render(request, "comprendre/comprendre.html", presenters.contexte_des_regles(localdate()))


@login_not_required
@require_safe
@readonly_view
def remise(request: HttpRequest) -> HttpResponse:
    """Until when must the licence be handed in after a 48SI? ``?recue=`` asks."""
    form = RemiseForm(request.GET if "recue" in request.GET else None)
    reponse = presenters.remise(form.cleaned_data["recue"], au=localdate()) if form.is_valid() else None
    contexte = {"form": form, "reponse": reponse, "legifrance": presenters.articles()}
    return render(request, "comprendre/remise.html", contexte)


@login_not_required
@require_safe
@readonly_view
def retour(request: HttpRequest) -> HttpResponse:
    """When do the points of one offence come back? ``?commission=&definitive=&points=&classe=`` asks."""
    form = RetourForm(request.GET if RetourForm.base_fields.keys() & request.GET.keys() else None)
    reponse = presenters.retour(form.cleaned_data) if form.is_valid() else None
    contexte = {"form": form, "reponse": reponse, "legifrance": presenters.articles()}
    return render(request, "comprendre/retour.html", contexte)
