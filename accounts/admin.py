"""What the accounts bring to the desk: its agents, for the administrators, and the signalements."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.timezone import now

from accounts.bureau import propositions, views
from accounts.bureau.acces import OUVERTS, visibles
from accounts.bureau.agents import views as agents
from accounts.bureau.presenters import OBJECTIF, age
from accounts.models import Agent, Signalement
from mespoints.lib import visiteur
from mespoints.lib.bureau import PageDuBureau, Travail, a_faire
from mespoints.lib.visiteur import INSTRUCTION, VALIDATION


@admin.register(Agent)
class AgentPage(PageDuBureau):
    """Each agent with the number that the journal keeps; opened, changed, suspended and ended from their page."""

    change_list_template = "bureau/agents/liste.html"
    list_display = ("numero", "adresse", "role", "departement", "etat")
    list_filter = ("role",)
    search_fields = ("=user__email", "=departement")
    ordering = ("departement", "pk")

    def pages(self) -> Iterator[URLPattern]:
        yield from super().pages()
        yield self.route("ouvrir/", agents.ouvrir, "ouvrir")
        yield self.route("<int:agent_id>/", agents.fiche, "fiche")
        yield self.route("<int:agent_id>/changer/", agents.changer, "changer")
        yield self.route("<int:agent_id>/suspendre/", agents.suspendre, "suspendre")
        yield self.route("<int:agent_id>/reprendre/", agents.reprendre, "reprendre")
        yield self.route("<int:agent_id>/terminer/", agents.terminer, "terminer")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        agents: QuerySet[Agent] = super().get_queryset(request)
        return agents.select_related("user")

    @admin.display(description="agent n°", ordering="pk")
    def numero(self, agent: Agent) -> str:
        return format_html(
            '<a href="{}">Agent n° {}</a>', reverse("admin:accounts_agent_fiche", args=[agent.pk]), agent.pk
        )

    @admin.display(description="adresse électronique", ordering="user__email")
    def adresse(self, agent: Agent) -> str:
        return agent.user.email or ""

    @admin.display(description="compte")
    def etat(self, agent: Agent) -> str:
        return "terminé" if agent.fini_at else "suspendu" if agent.suspendu_at else "en fonction"


@admin.register(Signalement)
class SignalementPage(PageDuBureau):
    """The queue, and one signalement at a time."""

    pouvoir = INSTRUCTION

    def pages(self) -> Iterator[URLPattern]:
        yield self.route("", views.file, "changelist")
        yield self.route("<int:signalement_id>/", views.fiche, "fiche")
        yield self.route("<int:signalement_id>/prendre/", views.prendre, "prendre")
        yield self.route("<int:signalement_id>/rendre/", views.rendre, "rendre")
        yield self.route("<int:signalement_id>/repondre/", views.repondre, "repondre")
        yield self.route("<int:signalement_id>/clore/", views.clore, "clore")
        yield self.route("<int:signalement_id>/comparer/", views.comparer, "comparer")
        yield self.route("<int:signalement_id>/dossier/<int:dossier_id>/", views.ouvrir, "ouvrir")
        yield self.route("<int:signalement_id>/proposer/", views.proposer, "proposer")
        yield self.route("<int:signalement_id>/propositions/<int:proposition_id>/", views.trancher, "trancher")


@a_faire(20, INSTRUCTION)
def signalements(agent: visiteur.Agent) -> list[Travail]:
    """Those that wait for an answer, by age; then the agent's own."""
    comptes = visibles(agent).filter(statut__in=OUVERTS).aggregate(
        tous=Count("pk"),
        ancien=Min("created_at"),
        tardifs=Count("pk", filter=Q(created_at__lt=now() - OBJECTIF)),
        miens=Count("pk", filter=Q(agent=agent.numero)),
        libres=Count("pk", filter=Q(agent=None)),
    )  # fmt: skip
    adresse, tardifs = reverse("admin:accounts_signalement_changelist"), comptes["tardifs"]
    morceaux = [f"Le plus ancien est arrivé {age(comptes['ancien'])}"] if comptes["tous"] else []
    if tardifs:
        morceaux.append(f"{tardifs} {'attendent' if tardifs > 1 else 'attend'} depuis plus de {OBJECTIF.days} jours")
    if comptes["tous"]:
        morceaux += [f"{comptes['libres']} sans agent", f"{comptes['miens']} à vous"]
    return [Travail("Signalements à traiter", comptes["tous"], " · ".join(morceaux), adresse, bool(tardifs))]


@a_faire(25, VALIDATION)
def liens_a_valider(agent: visiteur.Agent) -> list[Travail]:
    """What another agent proposed of an account and a dossier."""
    attendent = propositions.en_attente(agent)
    premiers = list(attendent.order_by("proposee_at").values_list("signalement_id", "signalement__reference")[:1])
    adresse = reverse("admin:accounts_signalement_fiche", args=[premiers[0][0]]) if premiers else ""
    detail = f"La plus ancienne\u00a0: signalement {premiers[0][1]}" if premiers else ""
    return [Travail("Liens entre compte et dossier à valider", attendent.count(), detail, adresse)]
