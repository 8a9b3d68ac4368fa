"""What the courses bring to the desk: those that are due and not done, those that are announced and not attested."""

from collections.abc import Iterator

from django.contrib import admin
from django.urls import URLPattern, reverse
from django.utils.timezone import localdate

from dossier.rules.francais import en_francais, mois_en_lettres
from dossier.rules.parametres import STAGE_OBLIGATOIRE_MOIS
from mespoints.lib.bureau import PageDuBureau, Travail, a_faire
from mespoints.lib.visiteur import LECTURE, Agent
from stages.bureau import retards, views
from stages.models import AnnonceStage


@admin.register(AnnonceStage)
class StagesPage(PageDuBureau):
    """Both lists on one page."""

    pouvoir = LECTURE
    libelle_menu = "Stages à vérifier"

    def pages(self) -> Iterator[URLPattern]:
        yield self.route("", views.a_verifier, "changelist")


@a_faire(50)
def stages_obligatoires(agent: Agent) -> list[Travail]:
    """The 48N whose course is not followed after four months; those followed too late."""
    ordonnes = retards.list_ordonnes(agent, au=localdate())
    manquants = [retard for retard in ordonnes if retard.motif == "manquant"]
    detail = f"Le plus ancien était à suivre jusqu'au {en_francais(manquants[0].limite)}" if manquants else ""
    tardifs = f"Suivis en retard\u00a0: {len(ordonnes) - len(manquants)}" if len(ordonnes) > len(manquants) else ""
    detail = " · ".join(filter(None, [detail, tardifs]))
    adresse = reverse("admin:stages_annoncestage_changelist")
    delai = mois_en_lettres(STAGE_OBLIGATOIRE_MOIS.au(localdate()))
    return [Travail(f"Stages obligatoires non suivis (48N de plus de {delai})", len(manquants), detail, adresse)]


@a_faire(51)
def stages_annonces(agent: Agent) -> list[Travail]:
    """Those without attestation fifteen days after their end; they press after a month."""
    annonces = retards.list_annonces(agent, au=localdate())
    d_un_mois = sum(retard.motif == "un mois" for retard in annonces)
    detail = f"Finis depuis plus d'un mois\u00a0: {d_un_mois}. Demandez l'attestation au centre." if d_un_mois else ""
    adresse = reverse("admin:stages_annoncestage_changelist")
    titre = "Stages annoncés sans attestation après quinze jours"
    return [Travail(titre, len(annonces), detail, adresse, bool(d_un_mois))]
