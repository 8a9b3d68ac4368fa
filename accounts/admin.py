"""What the accounts bring to the desk: who its agents are, for the administrators. Made by ``put_agent``."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Agent
from mespoints.lib.bureau import PageDuBureau


@admin.register(Agent)
class AgentPage(PageDuBureau):
    """Each agent with the number that the journal keeps."""

    list_display = ("numero", "adresse", "role", "departement", "actif")
    list_filter = ("role",)
    search_fields = ("=user__email", "=departement")
    ordering = ("departement", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        agents: QuerySet[Agent] = super().get_queryset(request)
        return agents.select_related("user")

    @admin.display(description="agent n°", ordering="pk")
    def numero(self, agent: Agent) -> int:
        return int(agent.pk)

    @admin.display(description="adresse électronique", ordering="user__email")
    def adresse(self, agent: Agent) -> str:
        return agent.user.email or ""

    @admin.display(description="compte ouvert", boolean=True)
    def actif(self, agent: Agent) -> bool:
        return agent.user.is_active
