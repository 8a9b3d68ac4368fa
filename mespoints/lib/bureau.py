"""What the prefecture's desk is made of, for every app: who may open a page of it, and what its first page counts.

The desk is Django's admin (``mespoints.bureau``). Its pages are functions under ``site.admin_view``, hung on the admin
class of a model; a model whose class is not a ``PageDuBureau`` is not in the desk at all.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ClassVar, Concatenate, NamedTuple, ParamSpec

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from mespoints.lib.http import readonly_view
from mespoints.lib.visiteur import ADMINISTRATION, LECTURE, Agent

P = ParamSpec("P")
Vue = Callable[Concatenate[HttpRequest, P], HttpResponse]


class Travail(NamedTuple):
    """Something to do today: a line of the first page. ``nombre`` 0: nothing, and the line says so."""

    titre: str
    nombre: int
    detail: str = ""
    adresse: str = ""
    presse: bool = False  # late, or broken: shown first


#: In the order of the page: a rank, the power that it takes, and what counts for an agent, one query each.
_TRAVAUX: list[tuple[int, str, Callable[[Agent], list[Travail]]]] = []


def a_faire(
    rang: int, pouvoir: str = LECTURE
) -> Callable[[Callable[[Agent], list[Travail]]], Callable[[Agent], list[Travail]]]:
    """Put on the first page what this function gives, for the agents who have this power. Called by an app's admin."""

    def inscrire(fonction: Callable[[Agent], list[Travail]]) -> Callable[[Agent], list[Travail]]:
        _TRAVAUX.append((rang, pouvoir, fonction))
        return fonction

    return inscrire


def travaux(agent: Agent) -> list[Travail]:
    """The day of an agent: what presses first, then what waits, then what does not, each in the order of the ranks."""
    tous = [
        travail
        for _, pouvoir, fonction in sorted(_TRAVAUX, key=lambda inscrit: inscrit[0])
        if agent.peut(pouvoir)
        for travail in fonction(agent)
    ]
    return sorted(tous, key=lambda travail: (not travail.presse, not travail.nombre))


class PageDeDossier(NamedTuple):
    """A page about an opened dossier that an app above ``dossier`` brings."""

    route: str
    nom: str
    libelle: str
    pouvoir: str
    vue: Callable[..., HttpResponse]


_PAGES_DE_DOSSIER: list[PageDeDossier] = []


def page_de_dossier(route: str, nom: str, libelle: str, pouvoir: str, vue: Callable[..., HttpResponse]) -> None:
    """Hang a page under ``<dossier_id>/``, with its button on the dossier's page. Called by an app's admin."""
    _PAGES_DE_DOSSIER.append(PageDeDossier(route, nom, libelle, pouvoir, vue))


def pages_de_dossier() -> list[PageDeDossier]:
    """All of them, in the order of the apps."""
    return list(_PAGES_DE_DOSSIER)


def agent_de(request: HttpRequest) -> Agent:
    """Who is at the desk: ``site.admin_view`` let them in."""
    agent: Agent | None = getattr(request, "agent", None)
    if not agent:
        raise PermissionDenied
    return agent


def pouvoir_requis(pouvoir: str) -> Callable[[Vue[P]], Vue[P]]:
    """Let a page answer only to the agents who have this power."""

    def decorer(vue: Vue[P]) -> Vue[P]:
        @wraps(vue)
        def gardee(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not agent_de(request).peut(pouvoir):
                raise PermissionDenied
            return vue(request, *args, **kwargs)

        return gardee

    return decorer


def sans_confirmation(vue: Vue[P]) -> Vue[P]:
    """Mark a page whose POST changes no dossier: any other POST of the desk asks for the password again."""
    vue.sans_confirmation = True  # type: ignore[attr-defined]
    return vue


def page(request: HttpRequest, gabarit: str, contexte: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk, in its layout."""
    return render(request, gabarit, admin.site.each_context(request) | contexte, status=status)


class PageDuBureau(admin.ModelAdmin):  # type: ignore[type-arg]
    """A model at the desk: read only, for who has ``pouvoir``, without action, deletion, history nor export.

    By default, one address: the list. A class that shows dossiers replaces ``get_urls``: there is no list of them.
    """

    pouvoir: ClassVar[str] = ADMINISTRATION
    libelle_menu: ClassVar[str] = ""
    actions = None
    list_display_links = None
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_urls(self) -> list[URLPattern]:
        return list(self.pages())

    def pages(self) -> Iterator[URLPattern]:
        """The addresses under the model's: ``route`` makes each."""
        yield self.route("", require_safe(readonly_view(self.liste)), "changelist")

    def liste(self, request: HttpRequest) -> HttpResponse:
        """The list, under its own name."""
        titre = self.libelle_menu or str(self.opts.verbose_name_plural).capitalize()
        return self.changelist_view(request, {"title": titre})

    def route(self, chemin: str, vue: Callable[..., HttpResponse], nom: str) -> URLPattern:
        """An address of the desk: nobody who is not an agent gets to the view."""
        return path(chemin, self.admin_site.admin_view(vue), name=f"{self.opts.app_label}_{self.opts.model_name}_{nom}")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filters that the page offers, and no other: whatever else an address asks of a field is nobody's need."""
        champ, _, suite = lookup.partition("__")
        return champ in self.list_filter and suite in {"", "exact"}

    def has_module_permission(self, request: HttpRequest) -> bool:
        return agent_de(request).peut(self.pouvoir)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return agent_de(request).peut(self.pouvoir)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
