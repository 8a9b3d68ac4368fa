"""What the dossiers bring to the desk: opening one, the journal, the runs of the night; and what is due today."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate, localtime, now

from dossier import journal, selectors
from dossier.bureau import decisions
from dossier.bureau.views import dossier as ouvrir
from dossier.bureau.views import enregistrer
from dossier.models import Decision, Dossier, Importation, Incident, Journal, Passage, VerificationDuLivre
from dossier.rules.francais import insecables
from mespoints.lib.bureau import PageDuBureau, Travail, a_faire, pages_de_dossier
from mespoints.lib.visiteur import ADMINISTRATION, INSTRUCTION, LECTURE, VALIDATION, Agent


@admin.register(Dossier)
class DossierPage(PageDuBureau):
    """One dossier at a time: no list, under any address."""

    pouvoir = LECTURE
    libelle_menu = "Ouvrir un dossier"

    def pages(self) -> Iterator[URLPattern]:
        yield self.route("", ouvrir.rechercher, "changelist")
        yield self.route("<int:dossier_id>/", ouvrir.fiche, "fiche")
        yield self.route("<int:dossier_id>/conducteur/", ouvrir.conducteur_historique, "conducteur")
        yield self.route(
            "<int:dossier_id>/conducteur/previsionnel/", ouvrir.conducteur_previsionnel, "conducteur_previsionnel"
        )
        yield self.route("<int:dossier_id>/enregistrer/<slug:acte>/", enregistrer.saisir, "saisir")
        for annexe in pages_de_dossier():
            yield self.route(f"<int:dossier_id>/{annexe.route}", annexe.vue, annexe.nom)


@admin.register(Decision)
class DecisionPage(PageDuBureau):
    """What waits for a second agent."""

    pouvoir = INSTRUCTION
    libelle_menu = "À valider"

    def pages(self) -> Iterator[URLPattern]:
        yield self.route("", enregistrer.a_valider, "changelist")
        yield self.route("<int:decision_id>/", enregistrer.decision, "fiche")


#: Of a dossier the journal shows the number alone: the rest is not read.
DEJA_LUS = ("nom_naissance", "nom_usage", "prenoms", "adresse", "titres", "categories", "departement")
#: How far back the journal is leafed through; further, one searches.
COMPTEES = 1000


class SansCompte(Paginator):  # type: ignore[type-arg]  # no subscript when it runs
    """Pages of a table that nobody counts to its end: the journal has millions of rows."""

    @cached_property
    def count(self) -> int:
        lignes: QuerySet[Journal] = self.object_list  # type: ignore[assignment]
        return lignes[:COMPTEES].count()


@admin.register(Journal)
class JournalPage(PageDuBureau):
    """What the agents did, for the administrators: by agent's number, NEPH, act, day. Read only, by index."""

    libelle_menu = "Journal"
    list_display = ("at", "agent", "departement", "role", "acte", "neph", "motif", "precision", "reseau")
    list_filter = ("acte", "motif")
    search_fields = ("agent",)
    search_help_text = "Numéro d'un agent, ou numéro NEPH d'un dossier, exact."
    list_per_page = 50
    paginator = SansCompte

    def get_queryset(self, request: HttpRequest) -> QuerySet[Journal]:
        lignes: QuerySet[Journal] = super().get_queryset(request)
        return lignes.select_related("dossier").defer(*[f"dossier__{champ}" for champ in DEJA_LUS])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Journal], search_term: str
    ) -> tuple[QuerySet[Journal], bool]:
        """Exact, so that an index answers: seven digits at most are an agent's number, anything else a NEPH."""
        terme = search_term.strip().replace(" ", "")
        if not terme:
            return queryset, False
        if terme.isascii() and terme.isdigit() and len(terme) <= 7:
            return queryset.filter(agent=int(terme)), False
        return queryset.filter(dossier__neph=terme.upper()), False

    @admin.display(description="dossier (NEPH)")
    def neph(self, ligne: Journal) -> str:
        return ligne.dossier.neph if ligne.dossier else "–"


@admin.register(Passage)
class PassagePage(PageDuBureau):
    """Last run of the night first, with its counts. Nothing here can be changed."""

    list_display = ("jour", "started_at", "finished_at", "traites", "changes", "laisses")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        passages: QuerySet[Passage] = super().get_queryset(request)
        incidents = Incident.objects.filter(passage=OuterRef("pk")).values("passage").annotate(combien=Count("pk"))
        return passages.annotate(
            traites=Coalesce(Sum("lots__traites"), 0),
            changes=Coalesce(Sum("lots__changes"), 0),
            laisses=Coalesce(Subquery(incidents.values("combien")), 0),
        )

    @admin.display(description="dossiers traités")
    def traites(self, passage: Any) -> int:
        return int(passage.traites)

    @admin.display(description="dossiers changés")
    def changes(self, passage: Any) -> int:
        return int(passage.changes)

    @admin.display(description="dossiers laissés")
    def laisses(self, passage: Any) -> int:
        return int(passage.laisses)


@admin.register(Importation)
class ImportationPage(PageDuBureau):
    """The loadings of the national file, those that failed too, the last first."""

    list_display = (
        "started_at", "finished_at", "issue", "raison", "acceptes", "inchanges", "refuses", "sequence", "empreinte",
    )  # fmt: skip

    @admin.display(description="état")
    def issue(self, chargement: Importation) -> str:
        return chargement.issue

    @admin.display(description="SHA-256")
    def empreinte(self, chargement: Importation) -> str:
        return chargement.sha256[:12]


@admin.register(VerificationDuLivre)
class VerificationPage(PageDuBureau):
    """The verifications of the ledger, the last first."""

    list_display = ("finished_at", "started_at", "verifies", "differents")
    ordering = ("-pk",)


@a_faire(10, ADMINISTRATION)
def alertes(agent: Agent) -> list[Travail]:
    """Agents whose searches were stopped."""
    arretes = journal.list_blocages()
    detail = ", ".join(f"agent n° {numero} ({departement})" for numero, departement in arretes)
    adresse = f"{reverse('admin:dossier_journal_changelist')}?acte__exact=blocage"
    return [Travail("Recherches arrêtées : plus de 30 en une heure", len(arretes), detail, adresse, bool(arretes))]


@a_faire(20, VALIDATION)
def enregistrements_a_valider(agent: Agent) -> list[Travail]:
    """What other agents of the département entered."""
    combien, depuis = decisions.compter(agent)
    detail = f"Le plus ancien attend depuis le {localtime(depuis):%d/%m/%Y}." if depuis else ""
    adresse = reverse("admin:dossier_decision_changelist")
    return [Travail("Enregistrements à valider", combien, detail, adresse)]


@a_faire(30, INSTRUCTION)
def ses_enregistrements(agent: Agent) -> list[Travail]:
    """What the agent entered: still waiting, or put aside."""
    attente, ecartes = decisions.les_siennes(agent)
    adresse = reverse("admin:dossier_decision_changelist")
    return [
        Travail("Vos enregistrements en attente d'un second agent", attente, "", adresse),
        Travail("Vos enregistrements écartés cette semaine", ecartes, "", f"{adresse}?ecartes=1", bool(ecartes)),
    ]


#: The ledger is verified at least that often.
VERIFIEE_TOUS_LES = timedelta(days=7)
REJETS = (
    "Les lignes refusées et leurs raisons sont dans un fichier à côté de celui qui a été chargé, du même nom suivi de "
    "« .rejets.ndjson ». Corrigez-les à la source, puis relancez import_dossiers sur le fichier entier\u00a0: ce qui "
    "est déjà chargé est reconnu."
)


@a_faire(80, ADMINISTRATION)
def lignes_refusees(agent: Agent) -> list[Travail]:
    """What the last loading of the national file refused, and how to send it again."""
    termines = Importation.objects.filter(etat=Importation.Etat.TERMINE)
    dernier, adresse = termines.first(), reverse("admin:dossier_importation_changelist")
    titre = "Lignes refusées par le dernier chargement du fichier national"
    if dernier is None:
        return [Travail(titre, 0, "Aucun chargement n'a encore abouti (commande import_dossiers).", adresse)]
    comptes = f"{dernier.acceptes} acceptées, {dernier.inchanges} inchangées"
    fin = localtime(dernier.finished_at or dernier.started_at)
    detail = f"Chargement du {fin:%d/%m/%Y à %H:%M}\u00a0: {comptes}."
    suite = f" {insecables(REJETS)}" if dernier.refuses else ""
    return [Travail(titre, dernier.refuses, detail + suite, adresse, bool(dernier.refuses))]


@a_faire(81, ADMINISTRATION)
def chargements_manques(agent: Agent) -> list[Travail]:
    """The loadings that failed since the last that ended, and why the last of them did."""
    adresse, titre = (
        reverse("admin:dossier_importation_changelist"),
        "Chargements du fichier national manqués depuis le dernier abouti",
    )
    manques = selectors.list_chargements_manques()
    if not manques:
        return [Travail(titre, 0, "", adresse)]
    dernier = manques[0]
    detail = (
        f"Celui du {localtime(dernier.started_at):%d/%m/%Y à %H:%M}\u00a0: {dernier.issue}. {dernier.raison}".strip()
    )
    return [Travail(titre, len(manques), insecables(detail), adresse, True)]


@a_faire(85, ADMINISTRATION)
def verification_du_grand_livre(agent: Agent) -> list[Travail]:
    """Dossiers that differ from their replay, when that was looked at."""
    derniere = VerificationDuLivre.objects.order_by("-pk").first()
    adresse = reverse("admin:dossier_verificationdulivre_changelist")
    titre = "Dossiers dont le grand livre diffère du calcul"
    if derniere is None:
        return [Travail(titre, 0, "Jamais vérifié\u00a0: lancez la commande verify_ledger.", adresse, True)]
    age = now() - derniere.finished_at
    quand = f"{localtime(derniere.finished_at):%d/%m/%Y à %H:%M}"
    detail = f"{derniere.verifies} dossiers vérifiés le {quand}."
    if derniere.differents:
        detail += " La commande verify_ledger les nomme et dit pourquoi."
    elif age > VERIFIEE_TOUS_LES:
        detail += f" Il y a {age.days} jours\u00a0: relancez la commande verify_ledger."
    presse = bool(derniere.differents) or age > VERIFIEE_TOUS_LES
    return [Travail(titre, derniere.differents, detail, adresse, presse)]


@a_faire(90, ADMINISTRATION)
def derniere_nuit(agent: Agent) -> list[Travail]:
    """The last run of the night: dossiers left as they were, or a run that has not ended."""
    adresse = reverse("admin:dossier_passage_changelist")
    passage = Passage.objects.annotate(laisses=Count("incidents")).order_by("-jour").first()
    if passage is None:
        aide = "Aucun passage de nuit n'a eu lieu\u00a0: le worker ou son horloge (beat) ne tourne pas."
        return [Travail("Dossiers laissés par le dernier passage de nuit", 0, aide, adresse, True)]
    fini = bool(passage.finished_at) and passage.jour >= localdate() - timedelta(days=1)
    suite = "terminé" if passage.finished_at else "pas terminé"
    titre = "Dossiers laissés par le dernier passage de nuit"
    detail = f"Passage du {passage.jour:%d/%m/%Y}, {suite}."
    return [Travail(titre, passage.laisses, detail, adresse, bool(passage.laisses) or not fini)]
