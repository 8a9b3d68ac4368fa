"""What the documents bring to the desk: the RII by post, on an opened dossier, and the letters to send."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib import admin
from django.urls import URLPattern, reverse
from django.utils.timezone import localtime, now

from documents.bureau import lettres
from documents.bureau.views import lettres as pages_des_lettres
from documents.bureau.views import rii
from documents.models import Envoi
from mespoints.lib.bureau import PageDuBureau, Travail, a_faire, page_de_dossier
from mespoints.lib.visiteur import INSTRUCTION, Agent

page_de_dossier("rii/", "rii", "Délivrer le RII", INSTRUCTION, rii.rii)
#: A letter that waits longer presses.
OBJECTIF = timedelta(days=7)


@admin.register(Envoi)
class EnvoiPage(PageDuBureau):
    """The letters that wait, and the batches in which they leave."""

    pouvoir = INSTRUCTION
    libelle_menu = "Lettres à envoyer"

    def pages(self) -> Iterator[URLPattern]:
        yield self.route("", pages_des_lettres.a_envoyer, "changelist")
        yield self.route("<int:envoi_id>/", pages_des_lettres.envoi, "fiche")
        yield self.route("<int:envoi_id>/fichier/", pages_des_lettres.fichier, "fichier")


@a_faire(40, INSTRUCTION)
def lettres_a_envoyer(agent: Agent) -> list[Travail]:
    """Those that nobody has taken, then the batches whose departure nobody has told."""
    attente, ouverts = lettres.get_attente(agent), lettres.list_envois_ouverts(agent)
    adresse = reverse("admin:documents_envoi_changelist")
    detail = ""
    if attente.depuis:
        par_reference = ", ".join(f"{reference}\u00a0: {n}" for reference, n in attente.references)
        detail = f"La plus ancienne est du {localtime(attente.depuis):%d/%m/%Y} · Lettres {par_reference}"
    tardive = attente.depuis is not None and attente.depuis < now() - OBJECTIF
    imprimees = sum(envoi.combien for envoi in ouverts)
    suite = f"{imprimees} lettres imprimées\u00a0: dites le jour où elles sont parties." if ouverts else ""
    oublie = bool(ouverts) and ouverts[0].prepared_at < now() - OBJECTIF
    return [
        Travail("Lettres à envoyer", attente.combien, detail, adresse, tardive),
        Travail("Envois préparés, pas encore partis", len(ouverts), suite, adresse, oublie),
    ]
