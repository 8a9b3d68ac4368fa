"""The desk's page for a RII asked by post. Under ``site.admin_view`` (``dossier.admin``)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from documents.bureau.envoi import delivrer
from documents.bureau.forms import RiiForm
from documents.contenus import CachetIndisponible, RenduImpossible, TropDeDocuments
from dossier.bureau import presenters as bureau
from dossier.bureau.acces import dossier_ouvert, get_acces
from dossier.journal import Acte, Motif, Pourquoi
from dossier.selectors import Situation, get_situation
from mespoints.lib.bureau import agent_de, page, pouvoir_requis
from mespoints.lib.http import keep_private
from mespoints.lib.visiteur import INSTRUCTION

TROP = "Dix documents de ce dossier ont été délivrés en une heure. Rien n'est délivré ni inscrit ; réessayez plus tard."
SANS_CACHET = (
    "La clé qui signe les documents manque ou n'est plus valable. Rien n'est délivré ni inscrit ; prévenez qui"
    " administre le site : réessayer n'y changera rien d'ici là."
)
IMPOSSIBLE = "Le document n'a pas pu être fait. Rien n'est délivré ni inscrit ; réessayez dans quelques minutes."
REFUS = {TropDeDocuments: TROP, CachetIndisponible: SANS_CACHET, RenduImpossible: IMPOSSIBLE}


@require_http_methods(["GET", "HEAD", "POST"])
@pouvoir_requis(INSTRUCTION)
@dossier_ouvert(Acte.CONSULTATION)
def rii(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The request and the pieces seen, then the file: to print and to send."""
    situation = get_situation(dossier_id, au=timezone.localdate())
    adresse = situation.adresse
    form = RiiForm(request.POST if request.method == "POST" else None, adresse_connue=bool(adresse))
    if form.is_valid():
        try:
            acces = get_acces(request)
            motif = acces.pourquoi.motif if acces else Motif.COURRIER  # the half hour has just ended
            emis = delivrer(agent_de(request), dossier_id, Pourquoi(motif, form.precision()))
        except (CachetIndisponible, RenduImpossible, TropDeDocuments) as refus:
            form.add_error(None, REFUS[type(refus)])
            return _formulaire(request, situation, form, 503)
        response = HttpResponse(bytes(emis.octets), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, emis.nom_fichier)
        keep_private(response)
        return response
    return _formulaire(request, situation, form, 422 if form.is_bound else 200)


def _formulaire(request: HttpRequest, situation: Situation, form: RiiForm, statut: int) -> HttpResponse:
    contexte = {
        "title": "Délivrer le RII demandé par courrier",
        "form": form,
        "dossier_id": situation.dossier.pk,
        "identite": bureau.identite(situation),
    }
    return page(request, "bureau/rii.html", contexte, statut)
