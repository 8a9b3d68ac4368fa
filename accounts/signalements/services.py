"""Telling a person that something is wrong, and knowing what became of it with a reference and a mailbox."""

import secrets
import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.compte.securite import record_essais_repetes, record_mot_de_passe_oublie
from accounts.courriels import SUIVI, record_courriel, signer_lien
from accounts.creation.demandes import renvoyer_demande
from accounts.models import DemandeCompte, DemandeLien, MessageSignalement, Signalement
from accounts.services import demander_lien, tenir_compte
from dossier.selectors import get_dossier_id
from mespoints.lib.http import site_address

#: Letters and digits that nobody reads for another: neither I, O, 0 nor 1.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
TIRAGES = 20

Statut = Signalement.Statut


class DejaOuvert(Exception):
    """Another signalement of this person, for the same motif, is open: it is there that they write."""


@transaction.atomic
def ouvrir_signalement(*, demande_id: int, message: str) -> Signalement:
    """Keep what was typed and what the visitor adds, and mail the reference; twice for one demande is once.

    Raises ``ValueError`` for a demande that has nothing to tell: only a failed one does.
    """
    demande = DemandeCompte.objects.select_for_update().get(pk=demande_id)
    if demande.issue not in Signalement.Motif.values:
        raise ValueError(demande.issue)
    if deja := Signalement.objects.filter(demande=demande).first():
        return deja
    contenu = {
        champ: getattr(demande, champ) for champ in ("format", "neph", "nom_naissance", "prenoms", "date_naissance")
    }
    signalement = _enregistrer(
        Signalement(
            demande=demande,
            motif=demande.issue,
            email=demande.email,
            contenu=contenu,
            message=message,
            dossier_id=get_dossier_id(demande.neph),
        )
    )
    demander_lien(email=signalement.email, reference=signalement.reference)
    return signalement


@transaction.atomic
def ouvrir_signalement_franceconnect(*, user_id: int, motif: str, email: str, contenu: dict[str, str]) -> Signalement:
    """Tell a person what FranceConnect's door could not settle; one is open at a time for a person and a motif."""
    ouverts = Signalement.objects.filter(user_id=user_id, motif=motif).exclude(statut=Signalement.Statut.CLOS)
    if deja := ouverts.first():
        return deja
    dossier_id = get_dossier_id(contenu["neph"]) if contenu.get("neph") else None
    signalement = _enregistrer(
        Signalement(user_id=user_id, motif=motif, email=email, contenu=contenu, dossier_id=dossier_id)
    )
    if email:
        demander_lien(email=email, reference=signalement.reference)
    return signalement


@transaction.atomic
def ouvrir_signalement_du_dossier(*, user_id: int, dossier_id: int, motif: str, message: str) -> Signalement:
    """What a driver tells of their own dossier, signed in. Raises ``DejaOuvert``; ``ValueError`` for another motif."""
    if motif not in Signalement.DU_DOSSIER:
        raise ValueError(motif)
    user = tenir_compte(user_id)  # pressed twice: the second finds the first
    if Signalement.objects.filter(user=user, motif=motif).exclude(statut=Statut.CLOS).exists():
        raise DejaOuvert
    email = user.adresse_de_contact
    signalement = _enregistrer(
        Signalement(user=user, motif=motif, email=email, contenu={}, message=message, dossier_id=dossier_id)
    )
    if email:
        demander_lien(email=email, reference=signalement.reference)
    return signalement


@transaction.atomic
def ecrire_message(*, signalement_id: int, texte: str, cle: uuid.UUID) -> None:
    """What the driver adds, once however often the button is pressed; after an answer, it opens the matter again.

    Raises ``DejaOuvert`` for one that is closed while another of the same motif is open.
    """
    signalement = Signalement.objects.select_for_update(of=("self",)).get(pk=signalement_id)
    if MessageSignalement.objects.filter(cle=cle).exists():
        return
    MessageSignalement.objects.create(signalement=signalement, texte=texte, cle=cle)
    if signalement.statut in {Statut.REPONDU, Statut.CLOS}:
        signalement.statut = Statut.EN_COURS
        try:
            with transaction.atomic():
                signalement.save(update_fields=["statut", "updated_at"])
        except IntegrityError:
            raise DejaOuvert from None


def _enregistrer(signalement: Signalement) -> Signalement:
    """Draw references until one is free: there are a thousand million in a year."""
    for _ in range(TIRAGES):
        tirage = "".join(secrets.choice(ALPHABET) for _ in range(6))
        signalement.reference = f"S-{timezone.localdate().year}-{tirage}"
        try:
            with transaction.atomic():
                signalement.save(force_insert=True)
        except IntegrityError as refus:
            if "reference" not in str(refus):
                raise
        else:
            return signalement
    raise RuntimeError("no free reference")


@transaction.atomic
def envoyer_lien(*, lien_id: int) -> None:
    """Send what a ``DemandeLien`` asks for, if there is anything of the sort at that address, and forget it."""
    voulu = DemandeLien.objects.select_for_update(skip_locked=True).filter(pk=lien_id).first()
    if voulu is None:
        return
    match voulu.reference:
        case "":
            renvoyer_demande(email=voulu.email)
        case DemandeLien.MOT_DE_PASSE:
            record_mot_de_passe_oublie(voulu.email)
        case DemandeLien.ESSAIS_REPETES:
            record_essais_repetes(voulu.email)
        case _:
            _envoyer_le_suivi(voulu)
    voulu.delete()


def _envoyer_le_suivi(voulu: DemandeLien) -> None:
    signalement = Signalement.objects.filter(reference=voulu.reference, email=voulu.email).first()
    if signalement is None:
        return
    record_courriel(
        a=signalement.email,
        modele="emails/signalement.txt",
        contexte={
            "reference": signalement.reference,
            "lien": site_address("signalement_suivi", signer_lien(SUIVI, signalement.pk)),
        },
        cle=f"lien-{voulu.pk}",
    )


def annoncer_reponse(message: MessageSignalement) -> None:
    """Tell the mailbox that an answer is there, and nothing of what it says. In the transaction of the answer."""
    signalement = message.signalement
    if signalement.email:
        record_courriel(
            a=signalement.email,
            modele="emails/signalement_reponse.txt",
            contexte={
                "reference": signalement.reference,
                "lien": site_address("signalement_suivi", signer_lien(SUIVI, signalement.pk)),
            },
            cle=f"reponse-{message.pk}",
        )
