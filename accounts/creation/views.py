"""The making of an account: the questions, the mail that leaves, the link that activates."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe
from formtools.wizard.views import NamedUrlSessionWizardView, normalize_name

from accounts.courriels import ACTIVATION, lire_lien
from accounts.creation import demandes
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
class CreationView(NamedUrlSessionWizardView):  # type: ignore[misc]  # formtools has no types
    """formtools' wizard, but that a GET writes nothing, the password is not kept, and only a POST ends it."""

    storage_name = "accounts.creation.brouillon.Brouillon"
    template_name = "account/creation/etape.html"
    form_list = list(ETAPES.items())
    condition_dict = CONDITIONS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("compte")  # they have one
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        keep_private(response)
        return response

    @method_decorator(readonly_view)  # type: ignore[arg-type]  # it wants a view of any answer
    def get(self, request: HttpRequest, step: str | None = None) -> HttpResponse:
        """Show a question whose previous ones are answered; else lead to the first that is not."""
        suite = self.premiere_sans_reponse()
        atteintes = [*self.etapes_avant(suite), suite]
        if step is None or step not in atteintes:
            return redirect(self.get_step_url(suite))
        return self.montrer(step, self.get_form(step, data=self.storage.get_step_data(step)))

    def post(self, request: HttpRequest, step: str | None = None) -> HttpResponse:
        """Keep an answer and go on; the last one makes the demande."""
        if "effacer" in request.POST:
            return self.effacer()
        self.storage.reprendre(request.POST)
        if step is None or step not in self.get_form_list():
            return self.revenir()
        form = self.get_form(step, data=request.POST)
        if any(len(request.POST.getlist(form.add_prefix(nom))) > 1 for nom in form.fields):
            raise SuspiciousOperation("a field given twice")
        if not form.is_valid():
            return self.montrer(step, form)
        if step != DERNIERE:
            self.storage.repondre(step, form.saisie())
            self.oublier_les_calculs()
        suite = self.premiere_sans_reponse()
        if suite in self.etapes_avant(step):
            return self.revenir()
        return self.deposer(form) if step == DERNIERE else redirect(self.get_step_url(suite))

    def montrer(self, step: str, form: Etape) -> HttpResponse:
        """The page of a question, as it is to be answered or corrected."""
        self.storage.current_step = step
        response: HttpResponse = self.render(form)
        return response

    def revenir(self) -> HttpResponse:
        """Lead to the first question without an answer, and say why."""
        messages.info(self.request, "Il manque une réponse : reprenez ici, le reste est gardé.")
        return redirect(self.get_step_url(self.premiere_sans_reponse()))

    @classmethod
    def oublier(cls, request: HttpRequest) -> None:
        """Take the answers out of the session."""
        for cle in (ENVOYEE, f"wizard_{normalize_name(cls.__name__)}"):
            request.session.pop(cle, None)

    def effacer(self) -> HttpResponse:
        """Forget the answers, on a device that others use."""
        self.oublier(self.request)
        messages.success(self.request, "Vos réponses sont effacées.")
        return redirect("account_signup")

    def deposer(self, form: Etape) -> HttpResponse:
        """Hand the answers over. What they are worth is for the worker to find: here all are treated alike."""
        dit = self.get_cleaned_data_for_step
        format_ = next(etape for etape in self.get_form_list() if etape in NUMEROS)
        saisie = demandes.Saisie(
            cle=self.storage.cle,
            email=dit("courriel")["email"],
            format=format_,
            neph=dit(format_)["lecture"].neph,
            etat_civil=EtatCivilSaisi(dit("nom")["nom"], dit("prenoms")["liste"], dit("naissance")["date"]),
            mot_de_passe=form.cleaned_data["mot_de_passe"],
        )
        attente = consommer(CREATION, self.request, saisie.email)
        if attente is not None:
            return trop_d_essais(self.request, attente)
        demandes.deposer_demande(saisie=saisie)
        self.request.session[ENVOYEE] = {"email": saisie.email, "cle": str(saisie.cle)}
        return redirect("creation_envoyee")

    # --- What formtools asks ------------------------------------------------------------------------------------------

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        if step != DERNIERE:
            return {}
        dit = {etape: self.get_cleaned_data_for_step(etape) or {} for etape in ("nom", "prenoms", "courriel")}
        prenoms = " ".join(dit["prenoms"].get("liste", []))
        numeros = [self.get_cleaned_data_for_step(etape) for etape in self.get_form_list() if etape in NUMEROS]
        neph = numeros[0]["lecture"].neph if numeros and numeros[0] else ""
        identite = {"email": dit["courriel"].get("email", ""), "last_name": dit["nom"].get("nom", "")}
        return {"identite": identite | {"first_name": prenoms, "neph": neph}, "request": self.request}

    def get_context_data(self, form: Etape, **kwargs: Any) -> dict[str, Any]:
        avant = self.etapes_avant(self.storage.current_step)
        return {
            "form": form,
            "reponses": (reponses := [self.reponse(etape) for etape in avant]),
            "echo": reponses[-1]["reponse"] if avant and avant[-1] in NUMEROS else "",
            "precedente": self.get_step_url(avant[-1]) if avant else "",
            "brouillon": self.storage.signe(),
            "parties": len(PARTIES),
            "derniere": self.storage.current_step == DERNIERE,
        }

    # --- Where the visitor is -----------------------------------------------------------------------------------------

    def etapes_avant(self, step: str) -> list[str]:
        """The questions that come before this one on the visitor's way."""
        etapes = list(self.get_form_list())
        return etapes[: etapes.index(step)]

    def premiere_sans_reponse(self) -> str:
        """The question to ask next; the last is never answered, for a password is not kept."""
        etapes: list[str] = list(self.get_form_list())
        return next(e for e in etapes if e == DERNIERE or self.get_cleaned_data_for_step(e) is None)

    def reponse(self, etape: str) -> dict[str, str]:
        """An answered question as the page lists it."""
        form = self.get_form(etape, data=self.storage.get_step_data(etape))
        form.is_valid()
        return {"intitule": form.intitule, "reponse": form.reponse(), "adresse": self.get_step_url(etape)}

    def oublier_les_calculs(self) -> None:
        """Drop what formtools remembers of the answers: one has changed."""
        for attribut in list(vars(self)):
            if attribut in {"_resolved_form_list", "_cache_signature"} or attribut.startswith("_cleaned_data_cache_"):
                delattr(self, attribut)


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
    CreationView.oublier(request)
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
