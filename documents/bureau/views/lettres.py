"""The desk's pages of the letters to send. Under ``site.admin_view`` (``documents.admin``)."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from documents.bureau import lettres, presenters
from documents.bureau.forms import DepartForm
from mespoints.lib.bureau import agent_de, page, pouvoir_requis
from mespoints.lib.http import keep_private
from mespoints.lib.visiteur import INSTRUCTION

if TYPE_CHECKING:
    from documents.models import Envoi

RIEN = "Plus aucune lettre n'attend\u00a0: un autre agent vient de les prendre."
DEJA = "Un autre agent a déjà dit que cet envoi était parti. Rien n'a changé."


@require_http_methods(["GET", "HEAD", "POST"])
@pouvoir_requis(INSTRUCTION)
def a_envoyer(request: HttpRequest) -> HttpResponse:
    """What waits, and the batches whose departure is still to be told. A POST takes the oldest into a batch."""
    if request.method == "POST":
        if envoi := lettres.preparer(agent_de(request)):
            return redirect("admin:documents_envoi_fiche", envoi.pk)
        messages.info(request, RIEN)
        return redirect("admin:documents_envoi_changelist")
    agent = agent_de(request)
    contexte = presenters.a_envoyer(lettres.get_attente(agent), lettres.list_envois_ouverts(agent))
    return page(request, "bureau/lettres.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@pouvoir_requis(INSTRUCTION)
def envoi(request: HttpRequest, envoi_id: int) -> HttpResponse:
    """A batch: its file, its letters; and « Elles sont parties »."""
    vise = _envoi(request, envoi_id)
    form = DepartForm(request.POST if request.method == "POST" else None, prepare_le=localdate(vise.prepared_at))
    if form.is_valid():
        try:
            bilan = lettres.dire_partie(agent_de(request), vise, jour=form.cleaned_data["parties_le"])
        except lettres.DejaPartie:
            messages.warning(request, DEJA)
            return redirect("admin:documents_envoi_fiche", vise.pk)
        for dire, texte in presenters.bilan(bilan):
            dire(request, texte)
        return redirect("admin:documents_envoi_changelist")
    contexte = presenters.envoi(vise, lettres.lettres(vise)) | {"form": form}
    return page(request, "bureau/envoi.html", contexte, 422 if form.is_bound else 200)


@require_POST
@pouvoir_requis(INSTRUCTION)
def fichier(request: HttpRequest, envoi_id: int) -> HttpResponse:
    """One PDF for the batch, until it is told to be gone."""
    vise = _envoi(request, envoi_id)
    if presenters.depart(vise):
        messages.info(request, "Cet envoi est parti\u00a0: son fichier ne se télécharge plus.")
        return redirect("admin:documents_envoi_fiche", vise.pk)
    response = HttpResponse(lettres.imprimer(agent_de(request), vise), content_type="application/pdf")
    nom = f"lettres-envoi-{vise.pk}-{localdate(vise.prepared_at):%Y-%m-%d}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, nom)
    keep_private(response)
    return response


def _envoi(request: HttpRequest, envoi_id: int) -> "Envoi":
    """The batch, if it is of this agent's département: the same answer whether there is one or not."""
    trouve = lettres.get_envoi(agent_de(request), envoi_id)
    if trouve is None:
        raise PermissionDenied
    return trouve
