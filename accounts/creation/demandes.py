"""From the answers of the wizard to an account: written by the page, decided by the worker, activated by the mailbox.

The page does the same work whatever was typed. What differs (is there such a number, is it the same person, has the
address an account) is found out of the request, and told to the mailbox alone.
"""

import logging
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.courriels import ACTIVATION, SIGNALER, record_courriel, signer_lien
from accounts.identite import EtatCivilSaisi, est_le_titulaire
from accounts.models import AvisRattachement, DemandeCompte, DemandeLien, Rattachement, User, normalize_email
from accounts.services import attach_dossier
from dossier.selectors import get_dossier_id, get_etat_civil
from mespoints.lib.http import site_address
from mespoints.lib.worker import tell_worker

logger = logging.getLogger(__name__)

Issue = DemandeCompte.Issue

VALIDITE = timedelta(hours=48)
OUBLI = timedelta(days=30)  # what was typed goes, whatever became of it
HEURE, JOUR = timedelta(hours=1), timedelta(days=1)
#: No such number, or another person: told apart by nothing that leaves this module, until something is proved.
ECHECS = (Issue.INCONNU, Issue.DISCORDANT)
#: Failures on one number in a day, after which the following ones are not even compared.
ECHECS_PAR_NUMERO = 5
#: Mails in a day to one address that nobody has proved to be theirs.
COURRIELS_PAR_ADRESSE = 5
#: Passwords tried on the page of one link.
ESSAIS_PAR_LIEN = 10

MODELES = {
    Issue.ACTIVABLE: "emails/compte_a_activer.txt",
    **dict.fromkeys(ECHECS, "emails/compte_non_concordant.txt"),
    Issue.RETENUE: "emails/compte_retenu.txt",
    Issue.DEJA_UN_COMPTE: "emails/compte_deja_cree.txt",
    Issue.TROP_D_ESSAIS: "emails/compte_trop_d_essais.txt",
}


@dataclass(frozen=True, slots=True)
class Saisie:
    """The answers of the wizard, checked. ``cle`` changes with any of them; the password never leaves the request."""

    cle: uuid.UUID
    email: str
    format: str
    neph: str
    etat_civil: EtatCivilSaisi
    mot_de_passe: str = field(repr=False)


class LienPerime(Exception):
    """The link is older than its 48 hours; another one may be asked for."""


class AdresseDejaPrise(Exception):
    """The address became an account's since the demande."""


# --- The page's side ------------------------------------------------------------------------------------------------


@transaction.atomic
def deposer_demande(*, saisie: Saisie) -> None:
    """Keep what was typed for the worker, once: sending the same answers twice is one demande."""
    nom, prenoms, naissance = saisie.etat_civil
    demande, creee = DemandeCompte.objects.get_or_create(
        cle=saisie.cle,
        defaults={
            "email": normalize_email(saisie.email),
            "password": make_password(saisie.mot_de_passe),
            "format": saisie.format,
            "neph": saisie.neph,
            "nom_naissance": nom,
            "prenoms": list(prenoms),
            "date_naissance": naissance,
        },
    )
    if creee:
        tell_worker("accounts.instruire_demande", demande.pk)


# --- The worker's side ----------------------------------------------------------------------------------------------


@transaction.atomic
def instruire_demande(*, demande_id: int) -> None:
    """Decide what the demande is worth and send its mail. Done once, by one worker; a failure leaves it to be done.

    One that must wait is told so, once, and stays to be decided.
    """
    a_instruire = DemandeCompte.objects.select_for_update(skip_locked=True).filter(pk=demande_id, instruite_at=None)
    demande = a_instruire.first()
    if demande is None:
        return
    avant, demande.issue = demande.issue, _decider(demande)
    if demande.issue == Issue.RETENUE:
        if avant != Issue.RETENUE:
            logger.warning("demande_held")
            _envoyer(demande)
        return
    demande.instruite_at = timezone.now()
    if demande.issue != Issue.ACTIVABLE:
        demande.password = ""
    _envoyer(demande)


def _decider(demande: DemandeCompte) -> Issue:
    hier = timezone.now() - JOUR
    recentes = DemandeCompte.objects.filter(instruite_at__gte=hier)
    retenues = Q(issue=Issue.RETENUE, created_at__gte=hier)
    autres = DemandeCompte.objects.filter(email=demande.email).exclude(pk=demande.pk).exclude(issue=Issue.MUETTE)
    if autres.filter(Q(instruite_at__gte=hier) | retenues).count() >= COURRIELS_PAR_ADRESSE:
        return Issue.MUETTE
    if User.objects.filter(email=demande.email).exists():
        return Issue.DEJA_UN_COMPTE
    if recentes.filter(neph=demande.neph, issue__in=ECHECS).count() >= ECHECS_PAR_NUMERO:
        return Issue.TROP_D_ESSAIS
    if _trop_d_echecs_sur_le_site():
        return Issue.RETENUE
    connu = get_etat_civil(neph=demande.neph)
    if connu is None:
        return Issue.INCONNU
    saisi = EtatCivilSaisi(demande.nom_naissance, demande.prenoms, demande.date_naissance)
    return Issue.ACTIVABLE if est_le_titulaire(saisi, connu) else Issue.DISCORDANT


def _trop_d_echecs_sur_le_site() -> bool:
    """The breaker: so many failures in an hour are a harvest of numbers, and nothing more is compared meanwhile."""
    echecs = DemandeCompte.objects.filter(instruite_at__gte=timezone.now() - HEURE, issue__in=ECHECS)
    plafond: int = settings.CREATION_ECHECS_PAR_HEURE
    return len(echecs.values_list("pk")[:plafond]) >= plafond


def _envoyer(demande: DemandeCompte) -> None:
    """Send, or send again, the mail of what was decided; a link to activate lives 48 hours from now."""
    if demande.issue in MODELES:
        demande.courriels += 1
        demande.expire_at = timezone.now() + VALIDITE if demande.issue == Issue.ACTIVABLE else None
        record_courriel(
            a=demande.email,
            modele=MODELES[Issue(demande.issue)],
            contexte={"lien": _lien(demande), "franceconnect": bool(settings.OIDC_RP_CLIENT_ID)},
            cle=f"demande-{demande.pk}-{demande.courriels}",
        )
    demande.save()


def _lien(demande: DemandeCompte) -> str:
    if demande.issue == Issue.ACTIVABLE:
        return site_address("compte_activer", signer_lien(ACTIVATION, demande.pk))
    return site_address("signalement_ouvrir", signer_lien(SIGNALER, demande.pk))


@transaction.atomic
def renvoyer_demande(*, email: str) -> None:
    """Send again the mail of the last demande of this address, if there is one that may still serve."""
    demandes = DemandeCompte.objects.select_for_update().filter(
        email=email, activee_at=None, courriels__lt=COURRIELS_PAR_ADRESSE
    )
    demande = demandes.exclude(issue__in=("", Issue.MUETTE)).order_by("-created_at", "-pk").first()
    if demande is not None:
        _envoyer(demande)


def demandes_en_souffrance(*, avant: datetime) -> list[int]:
    """The demandes written before ``avant`` that no worker has decided; those that were told to wait come last."""
    demandes = DemandeCompte.objects.filter(instruite_at=None, created_at__lt=avant)
    return list(demandes.order_by("issue", "created_at").values_list("pk", flat=True)[:100])


def liens_en_souffrance(*, avant: datetime) -> list[int]:
    """The links asked for before ``avant`` that no worker has sent."""
    return list(DemandeLien.objects.filter(created_at__lt=avant).order_by("pk").values_list("pk", flat=True)[:100])


def oublier_les_demandes() -> int:
    """Delete what was typed a month ago; give how many demandes. Signalements keep their own copy."""
    return DemandeCompte.objects.filter(created_at__lt=timezone.now() - OUBLI).delete()[0]


# --- The mailbox's side ---------------------------------------------------------------------------------------------


@transaction.atomic
def verifier_mot_de_passe(demande_id: int, mot_de_passe: str) -> bool:
    """Whether it is the one chosen in the wizard. Whoever asked knows it; who only received the mail does not."""
    demande = DemandeCompte.objects.select_for_update().get(pk=demande_id)
    if demande.essais >= ESSAIS_PAR_LIEN:
        return False
    demande.essais += 1
    demande.save(update_fields=["essais"])
    return check_password(mot_de_passe, demande.password)


@transaction.atomic
def activer_demande(*, demande_id: int) -> None:
    """Make the account, its address proved by the link, and attach the dossier; twice is once.

    Raises ``LienPerime`` after 48 hours, ``AdresseDejaPrise`` when the address is an account's by now.
    """
    demande = DemandeCompte.objects.select_for_update().get(pk=demande_id)
    if demande.activee_at:
        return
    dossier_id = get_dossier_id(demande.neph)
    if demande.expire_at is None or demande.expire_at < timezone.now() or dossier_id is None:
        raise LienPerime
    user, cree = User.objects.get_or_create(email=demande.email, defaults={"password": demande.password})
    if not cree:
        raise AdresseDejaPrise
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    rattachement = attach_dossier(user=user, dossier_id=dossier_id, origine=Rattachement.Origine.NUMERO)
    avis = AvisRattachement.objects.create(rattachement=rattachement)
    demande.user, demande.activee_at, demande.password = user, timezone.now(), ""
    demande.save()
    tell_worker("accounts.avertir_les_autres_comptes", avis.pk)


@transaction.atomic
def avertir_les_autres_comptes(*, avis_id: int) -> None:
    """Tell the other accounts of the dossier, once. The letter stays due: it is for who prints letters."""
    dus = AvisRattachement.objects.select_for_update(skip_locked=True).filter(pk=avis_id, courriels_at=None)
    avis = dus.first()
    if avis is None:
        return
    nouveau = Rattachement.objects.get(pk=avis.rattachement_id)
    autres = Rattachement.objects.filter(dossier_id=nouveau.dossier_id, revoked_at=None).exclude(pk=nouveau.pk)
    for autre in autres.select_related("user"):
        if not autre.user.email:  # an account of FranceConnect's has no mailbox: its list of accounts tells it
            continue
        record_courriel(
            a=autre.user.email,
            modele="emails/compte_rattache.txt",
            contexte={"quand": timezone.localtime(nouveau.created_at)},
            cle=f"avis-{avis.pk}-{autre.pk}",
        )
    avis.courriels_at = timezone.now()
    avis.save()


def avis_en_souffrance(*, avant: datetime) -> list[int]:
    """The accounts attached before ``avant`` of which the others have not been told."""
    avis = AvisRattachement.objects.filter(courriels_at=None, recorded_at__lt=avant)
    return list(avis.order_by("pk").values_list("pk", flat=True)[:100])
