"""The prefecture's desk: Django's admin, with our pages only, and a first page that says what there is to do."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view


class BureauConfig(AdminConfig):
    """In INSTALLED_APPS in the place of ``django.contrib.admin``."""

    default_site = "mespoints.bureau.Bureau"


class Bureau(AdminSite):
    """Who is in: an agent, known by ``request.agent``; ``accounts.middleware`` asked for the second factor."""

    site_header = "Mes Points Permis"
    site_title = "Bureau des préfectures"
    index_title = "La journée"
    site_url = None
    enable_nav_sidebar = False
    #: Addresses of Django's that nothing of ours leads to: less to guard.
    INUTILES = frozenset({"password_change", "password_change_done", "autocomplete", "view_on_site"})

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.agent)  # type: ignore[attr-defined]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our pages; leave those that libraries bring: lists of accounts, of addresses, of second factors."""
        from mespoints.lib.bureau import PageDuBureau  # imports models' machinery: not before the apps are ready

        if isinstance(admin_class, type) and issubclass(admin_class, PageDuBureau):
            super().register(model_or_iterable, admin_class, **options)

    def unregister(self, model_or_iterable: Any) -> None:
        """A library may take back what was left out."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [url for url in super().get_urls() if getattr(url, "name", None) not in self.INUTILES]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The layout's needs, and the menu: what this agent may open."""
        contexte: dict[str, Any] = super().each_context(request)
        pages = [page for page in self._registry.values() if contexte["has_permission"]]
        pages = [page for page in pages if page.has_module_permission(request)]
        return contexte | {"menu": [self._entree(page, request) for page in pages], "is_popup": False, "bureau": True}

    @staticmethod
    def _entree(page: Any, request: HttpRequest) -> dict[str, Any]:
        adresse = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
        libelle = page.libelle_menu or str(page.opts.verbose_name_plural).capitalize()
        return {"libelle": libelle, "adresse": adresse, "ici": request.path.startswith(adresse)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """« La journée » : what is due, counted for this agent."""
        return _journee(request)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        """Nothing of the kind: the menu leads everywhere."""
        raise PermissionDenied


@require_safe
@readonly_view
def _journee(request: HttpRequest) -> HttpResponse:
    from mespoints.lib.bureau import agent_de, page, travaux

    a_faire = travaux(agent_de(request))
    attend = any(travail.nombre or travail.presse for travail in a_faire)
    return page(request, "bureau/journee.html", {"title": "La journée", "travaux": a_faire, "attend": attend})
