"""From somebody whom FranceConnect named to the dossier of a driver, which only they may say is theirs.

Nothing is linked without « Ces informations sont exactes ». What was proposed is kept in the session and checked again
when it comes back: no form carries it. Whether a dossier exists is never told: none, several and a doubtful one lead to
the same page.
"""

import logging
from datetime import timedelta
from enum import Enum
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.franceconnect.coffre import ouvrir, prendre_empreinte, sceller
from accounts.franceconnect.echange import Identite, Refus
from accounts.identite import Decision, Pivot, Suite, decider, decider_par_numero
from accounts.models import (
    AvisRattachement,
    EssaiNumero,
    IdentiteFranceConnect,
    Rattachement,
    Signalement,
    User,
)
from accounts.services import DossierDejaRattache, attach_dossier, tenir_compte
from accounts.signalements.services import ouvrir_signalement_franceconnect
from dossier.selectors import get_etat_civil, list_etats_civils
from mespoints.lib.worker import tell_worker

logger = logging.getLogger(__name__)

JOUR = timedelta(days=1)
#: Numbers that one person may try in a day, and tries that one number may meet.
ESSAIS_PAR_IDENTITE = ESSAIS_PAR_NUMERO = 5


class Accueil(NamedTuple):
    """The account of who came; ``propose``: the dossier to show, when one is certain; ``rattache``: nothing to ask."""

    user: User
    rattache: bool
    propose: int | None


class Issue(Enum):
    """What a number given led to."""

    PROPOSE = "propose"
    EXAMINEE = "examinee"
    TROP_D_ESSAIS = "trop_d_essais"


class PasPropose(Exception):
    """What is confirmed is not, or no longer, what was proposed."""


@transaction.atomic
def accueillir(venu: Identite) -> Accueil:
    """Find the account of this identity, or make it, without a dossier. Raises ``Refus``."""
    identite = _retrouver(venu)
    user = identite.user
    if identite.bloquee_at or not user.is_active or user.is_staff:
        raise Refus("identity_refused")
    if lire_pivot(identite) != venu.pivot:
        logger.warning("franceconnect_pivot_changed")
    identite.pivot, identite.email = sceller(venu.pivot), venu.email
    identite.save(update_fields=["pivot", "email", "vue_at"])
    if Rattachement.objects.filter(user=user, revoked_at=None).exists():
        return Accueil(user, True, None)
    decision = _decider(identite)
    return Accueil(user, False, decision.dossier_id)


def _retrouver(venu: Identite) -> IdentiteFranceConnect:
    empreinte = prendre_empreinte(venu.sub)
    connues = IdentiteFranceConnect.objects.filter(empreinte=empreinte)
    if user_id := connues.values_list("user_id", flat=True).first():
        return _de(user_id)
    try:
        with transaction.atomic():
            user = User.objects.create_sans_adresse()
            return IdentiteFranceConnect.objects.create(user=user, empreinte=empreinte, pivot=sceller(venu.pivot))
    except IntegrityError:  # the same person came by another tab meanwhile
        return _de(connues.values_list("user_id", flat=True).get())


def lire_pivot(identite: IdentiteFranceConnect) -> Pivot | None:
    """The pivot identity as it was sealed; None if this key did not."""
    lu = ouvrir(identite.pivot)
    return Pivot(*lu) if isinstance(lu, list) and len(lu) == len(Pivot._fields) else None


def _decider(identite: IdentiteFranceConnect) -> Decision:
    """The dossier to propose, unless one was refused already or is somebody else's."""
    pivot = lire_pivot(identite)
    if pivot is None or identite.ecartee_at:
        return Decision(Suite.DEMANDER_NUMERO)
    decision = decider(pivot, list_etats_civils(nom=pivot.nom, annee=pivot.date[:4]))
    if decision.dossier_id is not None and _est_pris(decision.dossier_id, identite.user_id):
        return Decision(Suite.DEMANDER_NUMERO)
    return decision


def _est_pris(dossier_id: int, user_id: int) -> bool:
    """Whether another FranceConnect identity holds the dossier: the same person corrected, or another one."""
    pris = Rattachement.objects.filter(
        dossier_id=dossier_id, revoked_at=None, origine=Rattachement.Origine.FRANCECONNECT
    )
    return pris.exclude(user_id=user_id).exists()


def _de(user_id: int) -> IdentiteFranceConnect:
    """The identity of an account, both held until the end of the transaction: the account first, as for all who do."""
    try:
        tenir_compte(user_id)
        return IdentiteFranceConnect.objects.select_for_update(of=("self",)).select_related("user").get(user_id=user_id)
    except (User.DoesNotExist, IdentiteFranceConnect.DoesNotExist):
        raise PasPropose from None


@transaction.atomic
def essayer_numero(*, user_id: int, neph: str) -> tuple[Issue, int | None]:
    """What the number settles, and the dossier to propose. What it does not settle goes to a person, once."""
    identite = _de(user_id)
    pivot, numero = lire_pivot(identite), prendre_empreinte(neph)
    hier = timezone.now() - JOUR
    essais = EssaiNumero.objects.filter(created_at__gt=hier)
    if (
        essais.filter(identite=identite).count() >= ESSAIS_PAR_IDENTITE
        or essais.filter(numero=numero).count() >= ESSAIS_PAR_NUMERO
    ):
        return Issue.TROP_D_ESSAIS, None
    EssaiNumero.objects.create(identite=identite, numero=numero)
    if pivot and not identite.ecartee_at:
        decision = decider_par_numero(pivot, get_etat_civil(neph=neph))
        if decision.dossier_id is not None and not _est_pris(decision.dossier_id, user_id):
            return Issue.PROPOSE, decision.dossier_id
    _signaler(identite, Signalement.Motif.INTROUVE, neph)
    return Issue.EXAMINEE, None


def oublier_les_essais() -> int:
    """Delete the tries that count no more."""
    return EssaiNumero.objects.filter(created_at__lt=timezone.now() - JOUR).delete()[0]


@transaction.atomic
def confirmer(*, user_id: int, dossier_id: int) -> None:
    """« Ces informations sont exactes » : the link, and word of it to the other accounts of the dossier; twice is once.

    Raises ``PasPropose``; of two identities that confirm one dossier together, one wins, by the database.
    """
    identite = _de(user_id)
    pivot, connu = lire_pivot(identite), get_etat_civil(pk=dossier_id)
    if pivot is None or connu is None or identite.ecartee_at or identite.bloquee_at:
        raise PasPropose
    # The number's rule: whoever was proposed the dossier without a number satisfies it as well.
    if decider_par_numero(pivot, connu).dossier_id != dossier_id:
        raise PasPropose
    avant = Rattachement.objects.filter(user_id=user_id, dossier_id=dossier_id, revoked_at=None).exists()
    try:
        lien = attach_dossier(user=identite.user, dossier_id=dossier_id, origine=Rattachement.Origine.FRANCECONNECT)
    except DossierDejaRattache:
        raise PasPropose from None
    if not avant:
        avis = AvisRattachement.objects.create(rattachement=lien)
        tell_worker("accounts.avertir_les_autres_comptes", avis.pk)


@transaction.atomic
def ecarter(*, user_id: int) -> Signalement:
    """« Ces informations ne me correspondent pas » : a person looks into it, and nothing else is proposed. Once."""
    identite = _de(user_id)
    if identite.ecartee_at is None:
        identite.ecartee_at = timezone.now()
        identite.save(update_fields=["ecartee_at"])
    return _signaler(identite, Signalement.Motif.PAS_MOI)


def _signaler(identite: IdentiteFranceConnect, motif: str, neph: str = "") -> Signalement:
    pivot = lire_pivot(identite)
    contenu = {"neph": neph}
    if pivot:
        contenu |= {
            "nom_naissance": pivot.nom,
            "prenoms": " ".join(pivot.prenoms),
            "date_naissance": pivot.date_brute or pivot.date,
        }
    return ouvrir_signalement_franceconnect(
        user_id=identite.user_id, motif=motif, email=identite.email, contenu=contenu
    )
