"""/composants/: every component in every state, side by side, for whoever changes one.

Nothing is read from the database: the personas' facts take the way of any driver's, rules, presenters and templates.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.compte.forms import ConnexionForm
from demo.personas import PERSONAS
from dossier import presenters
from dossier.feed import lire_faits
from dossier.models import Dossier
from dossier.rules.solde import rejouer
from dossier.rules.stage import eligibilite
from dossier.selectors import Situation
from mespoints.lib.http import readonly_view

PLAFONDS = (6, 8, 9, 10, 12)
NIVEAUX = (constants.INFO, constants.SUCCESS, constants.WARNING, constants.ERROR)
CHOISIE = "julien"


class Jauge(NamedTuple):
    """What the gauge's template takes of a solde."""

    en_mots: str
    jauge_pleine: int
    jauge_longueur: int


@login_not_required
@require_safe
@readonly_view
def composants(request: HttpRequest) -> HttpResponse:
    """The components. One panel at a time, since a page has one: ``?persona=`` chooses whose."""
    situations = {persona.cle: situation(persona.cle, localdate()) for persona in PERSONAS}
    choisie = request.GET.get("persona", "")
    montree = situations.get(choisie, situations[CHOISIE])
    contexte = {
        "personas": PERSONAS,
        "onglet": "historique",
        "onglets": {nom: reverse(f"dossier:{nom}") for nom in ("historique", "previsionnel")},
        "solde": presenters.solde(montree),
        "alertes": presenters.alertes(montree),
        "etapes": presenters.etapes(montree),
        "etats": presenters.ETATS.values(),
        "jauges": [(plafond, [_jauge(points, plafond) for points in range(plafond + 1)]) for plafond in PLAFONDS],
        "lignes": list(une_de_chaque(situations.values())),
        "a_venir": presenters.prevision(montree),
        "dits": [Message(niveau, "Ce que le site vient de faire, en une phrase.") for niveau in NIVEAUX],
        "vide": ConnexionForm(auto_id="vide_%s"),
        "form": ConnexionForm({"login": "camille"}, auto_id="refuse_%s"),
    }
    return render(request, "composants.html", contexte)


def situation(cle: str, au: date) -> Situation:
    """What ``selectors.get_situation`` would give of a persona."""
    (persona,) = (persona for persona in PERSONAS if persona.cle == cle)
    connue = persona.situation(au)
    faits, parcours = lire_faits([*connue.faits, *connue.tardifs])
    replay = rejouer(parcours, au)
    return Situation(Dossier(mis_a_jour_le=au), faits, parcours, replay, eligibilite(replay), False)


def _jauge(points: int, plafond: int) -> Jauge:
    return Jauge(f"{points} sur {plafond}", 10 * points, 10 * plafond)


def une_de_chaque(situations: Iterable[Situation]) -> Iterator[presenters.Ligne]:
    """One line for each rule and sign."""
    vues = set()
    for une in situations:
        for ligne in presenters.historique(une, corrections=[]).lignes:
            genre = ligne["article"], ligne["variation"][0]
            if genre not in vues:
                vues.add(genre)
                yield ligne
