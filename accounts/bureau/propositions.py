"""Ties between accounts and dossiers, and blocked accounts: one agent proposes with reasons, a second one decides."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from accounts.bureau.acces import montrable, noter_acte, pourquoi, visibles
from accounts.bureau.candidats import Candidat
from accounts.bureau.echange import Refus
from accounts.bureau.services import CompteInutilisable, bloquer, debloquer, rattacher, retirer
from accounts.compte.presenters import ORIGINES, masquer
from accounts.models import IdentiteFranceConnect, PropositionLien, Signalement, User
from accounts.services import AgentSansDossier, DossierDejaRattache, RattachementIntrouvable
from dossier.bureau.ouvrables import DossierFerme, exiger_ouvrable, raison_du_refus
from dossier.models import Journal
from mespoints.lib.visiteur import VALIDATION, Agent

Nature = PropositionLien.Nature
Statut = PropositionLien.Statut

DEJA_EN_ATTENTE = "Une proposition attend déjà d'être validée sur ce signalement."
DEJA_TRANCHEE = "Cette proposition vient d'être tranchée par un autre agent."
SON_AUTEUR = "Qui propose ne valide pas : un second agent doit décider."
PRIS = "Une autre identité FranceConnect ouvre déjà ce dossier : proposez d'abord de lui retirer."
AUTRE_DOSSIER = "Ce compte ouvre déjà un autre dossier : proposez d'abord de le lui retirer."
INUTILISABLE = "Ce compte est fermé, bloqué, ou appartient à un agent."
PLUS_DE_LIEN = "Ce compte n'ouvre déjà plus ce dossier."


class Choix(NamedTuple):
    """What may be proposed: its key in the form, its words, and what it is about."""

    cle: str
    libelle: str
    nature: str
    compte_id: int | None = None
    dossier_id: int | None = None
    rattachement_id: int | None = None


def list_choix(signalement: Signalement, candidats: Iterable[Candidat]) -> list[Choix]:
    """All that the page gives reason to propose, and nothing else."""
    choix: list[Choix] = []
    for candidat in candidats:
        if candidat.refus:
            continue
        lies = {lien.user_id for lien in candidat.comptes}
        if signalement.user_id not in lies and (signalement.user_id or signalement.email):
            qui = "le compte de ce signalement" if signalement.user_id else "un compte pour l'adresse de ce signalement"
            choix.append(
                Choix(
                    f"rattacher:{candidat.dossier_id}", f"Rattacher {qui} au dossier {candidat.neph}",
                    Nature.RATTACHER, signalement.user_id, candidat.dossier_id,
                )
            )  # fmt: skip
        for lien in candidat.comptes:
            qui = f"{nommer(lien.user)} ({ORIGINES[lien.origine]})"
            vise = (lien.user_id, candidat.dossier_id, lien.pk)
            choix += [
                Choix(f"retirer:{lien.pk}", f"Retirer le dossier {candidat.neph} à {qui}", Nature.RETIRER, *vise),
                Choix(f"bloquer:{lien.pk}", f"Bloquer {qui} et lui retirer le dossier", Nature.BLOQUER, *vise),
            ]
    if signalement.user and _est_ecarte(signalement.user):
        libelle = "Laisser revenir le compte de ce signalement (bloqué, ou dossier proposé refusé)"
        choix.append(Choix("debloquer", libelle, Nature.DEBLOQUER, signalement.user_id))
    return choix


def nommer(user: User) -> str:
    """An account, as an agent may read it: enough for its owner to know it."""
    return masquer(user.email) if user.email else f"compte FranceConnect n° {user.pk}"


def _est_ecarte(user: User) -> bool:
    if user.bloque_at:
        return True
    identite = IdentiteFranceConnect.objects.filter(user=user).first()
    return bool(identite and (identite.bloquee_at or identite.ecartee_at))


@transaction.atomic
def proposer(agent: Agent, signalement: Signalement, choix: Choix, *, raisons: str) -> None:
    """Keep a proposal for a second agent. Raises ``Refus`` when one waits already, and ``DossierFerme``."""
    if choix.dossier_id:
        exiger_ouvrable(agent, choix.dossier_id, pourquoi(signalement))
    try:
        with transaction.atomic():
            proposition = PropositionLien.objects.create(
                signalement=signalement,
                nature=choix.nature,
                compte_id=choix.compte_id,
                dossier_id=choix.dossier_id,
                rattachement_id=choix.rattachement_id,
                raisons=raisons,
                auteur_id=agent.numero,
                auteur_personne=agent.dossier_id,
            )
    except IntegrityError as refus:
        if "proposition_une_en_attente" in str(refus):
            raise Refus(DEJA_EN_ATTENTE) from None
        raise
    _noter(agent, proposition, Journal.Acte.LIEN_PROPOSE)


@transaction.atomic
def trancher(agent: Agent, signalement: Signalement, proposition_id: int, *, refus: str = "") -> None:
    """Approve, and do it, or refuse with a reason: once, by a second agent.

    Raises ``Refus``; and ``DossierFerme`` when the dossier is not this agent's to open: nothing is done.
    """
    proposition = _tenir(signalement, proposition_id)
    if proposition is None or proposition.statut != Statut.ATTENTE:
        raise Refus(DEJA_TRANCHEE)
    if proposition.est_de(agent):
        raise Refus(SON_AUTEUR)
    vise = proposition.dossier
    if vise and raison_du_refus(agent, vise.pk, vise.departement):
        raise DossierFerme(vise.pk, pourquoi(signalement))
    proposition.statut = Statut.ECARTEE if refus else Statut.VALIDEE
    proposition.second_id, proposition.tranchee_at, proposition.refus = agent.numero, now(), refus
    proposition.second_personne = agent.dossier_id
    proposition.save()
    _noter(agent, proposition, Journal.Acte.LIEN_REJETE if refus else Journal.Acte.LIEN_VALIDE)
    if not refus:
        _appliquer(proposition)


def _tenir(signalement: Signalement, proposition_id: int) -> PropositionLien | None:
    """The proposal as it is now, held: of two agents who decide together, the second sees what the first did."""
    tenues = PropositionLien.objects.select_for_update(of=("self",)).select_related("dossier", "signalement", "compte")
    return tenues.filter(pk=proposition_id, signalement=signalement).first()


def _appliquer(proposition: PropositionLien) -> None:
    try:
        _faire(proposition)
    except DossierDejaRattache:
        raise Refus(PRIS) from None
    except RattachementIntrouvable:
        raise Refus(PLUS_DE_LIEN) from None
    except AgentSansDossier:
        raise Refus(INUTILISABLE) from None
    except CompteInutilisable as raison:
        raise Refus(AUTRE_DOSSIER if raison.autre_dossier else INUTILISABLE) from None


def _faire(p: PropositionLien) -> None:
    if p.nature == Nature.RATTACHER and p.dossier_id:
        rattacher(user=p.compte, email=p.signalement.email, dossier_id=p.dossier_id)
    if p.rattachement_id:  # to take away, or to block
        retirer(rattachement_id=p.rattachement_id, annoncer=p.nature == Nature.RETIRER)
    if p.nature == Nature.BLOQUER and p.compte_id:
        bloquer(user_id=p.compte_id)
    if p.nature == Nature.DEBLOQUER and p.compte_id:
        debloquer(user_id=p.compte_id)


def _noter(agent: Agent, proposition: PropositionLien, acte: str) -> None:
    quoi = f"{proposition.get_nature_display().lower()} (proposition n° {proposition.pk})"
    noter_acte(agent, proposition.signalement, acte, quoi, dossier_id=proposition.dossier_id)


def en_attente(agent: Agent) -> QuerySet[PropositionLien]:
    """What this agent may decide: of a signalement, and about a dossier, that are theirs to open."""
    if not agent.peut(VALIDATION):
        return PropositionLien.objects.none()
    des_siens = PropositionLien.objects.filter(statut=Statut.ATTENTE, signalement__in=visibles(agent))
    return des_siens.filter(montrable(agent)).exclude(auteur_id=agent.numero)


def list_propositions(signalement: Signalement) -> list[PropositionLien]:
    """Those of a signalement, the newest first."""
    toutes = PropositionLien.objects.filter(signalement=signalement).select_related("dossier", "compte")
    return list(toutes.order_by("-pk"))
