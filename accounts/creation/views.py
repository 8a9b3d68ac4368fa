"""The making of an account: the questions, the mail that leaves, the link that activates."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.http import require_http_methods, require_safe

from accounts.courriels import ACTIVATION, lire_lien
from accounts.creation import demandes
from accounts.creation.brouillon import BROUILLON, Brouillon
from accounts.creation.etapes import CONDITIONS, DERNIERE, ETAPES, NUMEROS, PARTIES, Etape
from accounts.creation.forms import RenvoiForm, VerificationForm
from accounts.identite import EtatCivilSaisi
from accounts.limites import CREATION, RENVOI, consommer
from accounts.selectors import get_demande
from accounts.services import demander_lien
from mespoints.lib.http import keep_private, readonly_view, trop_d_essais

#: In the session: what was sent last, so that the page which says so can name the address.
ENVOYEE = "creation_envoyee"


@method_decorator(login_not_required, name="dispatch")
class CreationView(View):
    """One question a page. A GET writes nothing, the password is not kept, and only a POST ends it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return redirect("compte")  # they have one
        self.brouillon = Brouillon(request)
        response = super().dispatch(request, *args, **kwargs)
        keep_private(response)
        return response

    @method_decorator(readonly_view)  # type: ignore[arg-type]  # it wants a view of any answer
    def get(self, request: HttpRequest, step: str | None = None) -> HttpResponse:
        """Show a question whose previous ones are answered; else lead to the first that is not."""
        suite = self.premiere_sans_reponse()
        if step is None or step not in (*self.etapes_avant(suite), suite):
            return redirect("creation_etape", suite)
        return self.montrer(step, self.formulaire(step, self.brouillon.donnees(step)))

    def post(self, request: HttpRequest, step: str | None = None) -> HttpResponse:
        """Keep an answer and go on; the last one makes the demande."""
        if "effacer" in request.POST:
            return self.effacer()
        self.brouillon.reprendre(request.POST)
        if step is None or step not in self.etapes:
            return self.revenir()
        form = self.formulaire(step, request.POST)
        if not form.is_valid():
            manque = self.premiere_sans_reponse() in self.etapes_avant(step)
            return self.revenir() if manque else self.montrer(step, form)  # a page lists the answers before it
        if step != DERNIERE:
            self.brouillon.repondre(step, form.saisie())
        suite = self.premiere_sans_reponse()
        if suite in self.etapes_avant(step):
            return self.revenir()
        return self.deposer(form) if step == DERNIERE else redirect("creation_etape", suite)

    def montrer(self, step: str, form: Etape) -> HttpResponse:
        """The page of a question, as it is to be answered or corrected."""
        avant = self.etapes_avant(step)
        reponses = [self.reponse(etape) for etape in avant]
        contexte = {
            "form": form,
            "reponses": reponses,
            "echo": reponses[-1]["reponse"] if avant and avant[-1] in NUMEROS else "",
            "precedente": reponses[-1]["adresse"] if avant else "",
            "brouillon": self.brouillon.signe(),
            "parties": len(PARTIES),
            "derniere": step == DERNIERE,
        }
        return render(self.request, "account/creation/etape.html", contexte)

    def revenir(self) -> HttpResponse:
        """Lead to the first question without an answer, and say why."""
        messages.info(self.request, "Il manque une réponse : reprenez ici, le reste est gardé.")
        return redirect("creation_etape", self.premiere_sans_reponse())

    def effacer(self) -> HttpResponse:
        """Forget the answers, on a device that others use."""
        _oublier(self.request)
        messages.success(self.request, "Vos réponses sont effacées.")
        return redirect("account_signup")

    def deposer(self, form: Etape) -> HttpResponse:
        """Hand the answers over. What they are worth is for the worker to find: here all are treated alike."""
        format_ = next(etape for etape in self.etapes if etape in NUMEROS)
        saisie = demandes.Saisie(
            cle=self.brouillon.cle,
            email=self.dit("courriel")["email"],
            format=format_,
            neph=self.dit(format_)["lecture"].neph,
            etat_civil=EtatCivilSaisi(
                self.dit("nom")["nom"], self.dit("prenoms")["liste"], self.dit("naissance")["date"]
            ),
            mot_de_passe=form.cleaned_data["mot_de_passe"],
        )
        attente = consommer(CREATION, self.request, saisie.email)
        if attente is not None:
            return trop_d_essais(self.request, attente)
        demandes.deposer_demande(saisie=saisie)
        self.request.session[ENVOYEE] = {"email": saisie.email, "cle": str(saisie.cle)}
        return redirect("creation_envoyee")

    # --- Where the visitor is -----------------------------------------------------------------------------------------

    @property
    def etapes(self) -> list[str]:
        """The questions that the answers call for, in their order."""
        return [etape for etape in ETAPES if etape not in CONDITIONS or CONDITIONS[etape](self.brouillon)]

    @cached_property
    def repondues(self) -> dict[str, Etape]:
        """The questions well answered, once this request has kept its own; never the last: a password is not kept."""
        posees = [e for e in self.etapes if e != DERNIERE]
        formulaires = {etape: self.formulaire(etape, self.brouillon.donnees(etape)) for etape in posees}
        return {etape: form for etape, form in formulaires.items() if form.is_valid()}

    def etapes_avant(self, step: str) -> list[str]:
        """The questions that come before this one on the visitor's way."""
        return self.etapes[: self.etapes.index(step)]

    def premiere_sans_reponse(self) -> str:
        """The question to ask next."""
        return next(etape for etape in self.etapes if etape not in self.repondues)

    def formulaire(self, step: str, donnees: MultiValueDict[str, str] | None) -> Etape:
        """The form of a question. A password is compared to what was said before."""
        if step != DERNIERE:
            return ETAPES[step](donnees, prefix=step)
        numeros = [self.dit(etape) for etape in self.etapes if etape in NUMEROS]
        identite = {
            "email": self.dit("courriel").get("email", ""),
            "last_name": self.dit("nom").get("nom", ""),
            "first_name": " ".join(self.dit("prenoms").get("liste", [])),
            "neph": numeros[0]["lecture"].neph if numeros and numeros[0] else "",
        }
        return ETAPES[step](donnees, prefix=step, identite=identite, request=self.request)

    def dit(self, etape: str) -> dict[str, Any]:
        """What was answered to a question, read by its form; nothing when it was not."""
        return self.repondues[etape].cleaned_data if etape in self.repondues else {}

    def reponse(self, etape: str) -> dict[str, str]:
        """An answered question as the page lists it."""
        form = self.repondues[etape]
        adresse = reverse("creation_etape", args=[etape])
        return {"intitule": form.intitule, "reponse": form.reponse(), "adresse": adresse}


def _oublier(request: HttpRequest) -> None:
    """Take the answers out of the session."""
    for cle in (ENVOYEE, BROUILLON):
        request.session.pop(cle, None)


@login_not_required
@require_safe
@readonly_view
def envoyee(request: HttpRequest) -> HttpResponse:
    """A mail left: the same page for everybody, whatever was typed."""
    envoyee = request.session.get(ENVOYEE, {})
    response = render(request, "account/creation/envoyee.html", {"email": envoyee.get("email", "")})
    keep_private(response)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def renvoyer(request: HttpRequest) -> HttpResponse:
    """Ask for the mail again: the same answer whether there is one to send or not."""
    form = RenvoiForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attente = consommer(RENVOI, request, form.cleaned_data["email"])
        if attente is not None:
            return trop_d_essais(request, attente)
        demander_lien(email=form.cleaned_data["email"])
        request.session[ENVOYEE] = request.session.get(ENVOYEE, {}) | {"email": form.cleaned_data["email"]}
        return redirect("creation_envoyee")
    return render(request, "account/creation/renvoyer.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def activer(request: HttpRequest, jeton: str) -> HttpResponse:
    """The page of the mailed link: a button, and the password for a browser that is not the one of the questions.

    Somebody may have asked for an account with another's address: the owner of the mailbox does not know the password.
    """
    demande = get_demande(lire_lien(ACTIVATION, jeton))
    if demande is None or demande.est_perimee:
        return _lien_perime(request, demande)
    envoye = request.POST if request.method == "POST" else None
    form: forms.Form = VerificationForm(envoye, est_le_bon=partial(demandes.verifier_mot_de_passe, demande.pk))
    if request.session.get(ENVOYEE, {}).get("cle") == str(demande.cle) or demande.activee_at:
        form = forms.Form(envoye)
    if form.is_valid() and not demande.activee_at:
        return _creer_le_compte(request, demande)
    response = render(request, "account/creation/activer.html", {"demande": demande, "form": form})
    keep_private(response)
    return response


def _creer_le_compte(request: HttpRequest, demande: Any) -> HttpResponse:
    try:
        demandes.activer_demande(demande_id=demande.pk)
    except demandes.LienPerime:
        return _lien_perime(request, demande)
    except demandes.AdresseDejaPrise:
        return render(request, "account/creation/adresse_prise.html", {"email": demande.email}, status=409)
    _oublier(request)
    messages.success(request, "Votre compte est créé. Connectez-vous avec le mot de passe que vous avez choisi.")
    return redirect("account_login")


def _lien_perime(request: HttpRequest, demande: Any) -> HttpResponse:
    contexte = {"email": demande.email if demande else ""}
    return render(request, "account/creation/lien_perime.html", contexte, status=410)


@login_not_required
@require_safe
@readonly_view
def conditions(request: HttpRequest) -> HttpResponse:
    """What one accepts by making an account."""
    return render(request, "account/creation/conditions.html")
