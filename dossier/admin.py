"""What the administrator sees of the dossiers: the runs of the nightly job, read only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from dossier.models import Passage


@admin.register(Passage)
class PassageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Last run first, with its counts. Nothing here can be changed."""

    list_display = ("jour", "started_at", "finished_at", "traites", "changes", "laisses")
    list_display_links = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Passage]:
        passages: QuerySet[Passage] = super().get_queryset(request)
        return passages.annotate(traites=Coalesce(Sum("lots__traites"), 0), changes=Coalesce(Sum("lots__changes"), 0))

    @admin.display(description="dossiers traités")
    def traites(self, passage: Any) -> int:
        return int(passage.traites)

    @admin.display(description="dossiers changés")
    def changes(self, passage: Any) -> int:
        return int(passage.changes)

    @admin.display(description="dossiers laissés")
    def laisses(self, passage: Passage) -> int:
        return passage.incidents.aggregate(nombre=Count("pk"))["nombre"] or 0

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Passage | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Passage | None = None) -> bool:
        return False
