"""Creates the demonstration's accounts, each attached to its invented dossier; running it again changes nothing."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.timezone import now

from accounts.franceconnect.coffre import prendre_empreinte, sceller
from accounts.models import (
    Agent,
    DemandeCompte,
    IdentiteFranceConnect,
    Rattachement,
    Signalement,
    User,
    normalize_email,
)
from accounts.services import DossierDejaRattache, attach_dossier, detach_dossier
from accounts.signalements.services import ouvrir_signalement, ouvrir_signalement_du_dossier
from dossier.selectors import get_dossier_id


class Command(BaseCommand):
    help = "Crée les comptes de démonstration décrits par un fichier JSON, et un compte d'administration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        usuel = Path(settings.BASE_DIR, "demo", "comptes.json")
        parser.add_argument("fichier", type=Path, nargs="?", default=usuel, help="par défaut, demo/comptes.json")

    def handle(self, *args: Any, fichier: Path, **options: Any) -> None:
        if not settings.MESPOINTS_DEMONSTRATION:
            raise CommandError("Refusé : cette instance n'est pas une démonstration (MESPOINTS_DEMONSTRATION=1).")
        mot_de_passe, comptes, agents = _lire(fichier)
        for neph in _deja_rattaches(fichier):
            rattacher_autre_identite(neph)
        sans_dossier = create_comptes(mot_de_passe, comptes, agents)
        self.stdout.write(f"{len(comptes)} comptes de démonstration, et {len(agents)} pour l'administration.")
        for dit in _lire_signalements(fichier):
            signaler(**dit)
        if sans_dossier:
            emails = ", ".join(sans_dossier)
            raise CommandError(f"Sans dossier : {emails}. Charger d'abord les dossiers par import_dossiers.")


@transaction.atomic
def create_comptes(
    mot_de_passe: str, comptes: list[tuple[str, str]], agents: Iterable[tuple[str, str | None, str, str]] = ()
) -> list[str]:
    """Create or put right each (address, NEPH) and each agent; give the addresses left without a dossier.

    An agent is (address, département, TOTP secret, role); the one without a département is the administrator.
    """
    sans_dossier = []
    # One password for all, so one hash for all: hashing is slow on purpose.
    encode = cache(lambda: make_password(mot_de_passe))
    convient = cache(lambda encoded: check_password(mot_de_passe, encoded))
    for email, neph in comptes:
        user = put_compte(email=email, encode=encode, convient=convient)
        dossier_id = get_dossier_id(neph)
        try:
            if dossier_id is None:
                raise LookupError
            attach_dossier(user=user, dossier_id=dossier_id, origine=Rattachement.Origine.DEMONSTRATION)
        except (LookupError, DossierDejaRattache):
            sans_dossier.append(email)
    for email, departement, secret, role in agents:
        put_compte(
            email=email,
            encode=encode,
            convient=convient,
            administrateur=departement is None,
            departement=departement,
            role=role,
            secret_totp=secret,
        )
    return sans_dossier


@transaction.atomic
def rattacher_autre_identite(neph: str) -> None:
    """Tie a dossier to a FranceConnect identity that nobody can come back as: the citizen finds it already taken."""
    empreinte, dossier_id = prendre_empreinte(f"demonstration {neph}"), get_dossier_id(neph)
    if dossier_id is None or IdentiteFranceConnect.objects.filter(empreinte=empreinte).exists():
        return
    user = User.objects.create_sans_adresse()
    IdentiteFranceConnect.objects.create(user=user, empreinte=empreinte, pivot=sceller(None))
    attach_dossier(user=user, dossier_id=dossier_id, origine=Rattachement.Origine.FRANCECONNECT)


@transaction.atomic
def signaler(*, email: str, motif: str, message: str, saisi: dict[str, Any] | None = None) -> None:
    """Tell what a driver, or somebody whose account could not be made (``saisi``), would tell; once."""
    if Signalement.objects.filter(email=email, motif=motif).exists():
        return
    if saisi:
        demande = DemandeCompte.objects.create(email=email, issue=motif, instruite_at=now(), **saisi)
        ouvrir_signalement(demande_id=demande.pk, message=message)
    elif lien := Rattachement.objects.filter(user__email=email, revoked_at=None).first():
        ouvrir_signalement_du_dossier(user_id=lien.user_id, dossier_id=lien.dossier_id, motif=motif, message=message)


def _lire_signalements(fichier: Path) -> list[dict[str, Any]]:
    """What the desk of the demonstration finds in its queue; ``_lire`` says what is wrong with the file."""
    dits = json.loads(fichier.read_text(encoding="utf-8")).get("signalements", [])
    return [{cle: dit[cle] for cle in ("email", "motif", "message", "saisi") if cle in dit} for dit in dits]


def _deja_rattaches(fichier: Path) -> list[str]:
    """The NEPH of the dossiers that must be another identity's; a file without such a list has none."""
    try:
        citoyens = json.loads(fichier.read_text(encoding="utf-8")).get("franceconnect", [])
        return [str(c["neph"]) for c in citoyens if c.get("deja_rattache")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # _lire says what is wrong


def _lire(fichier: Path) -> tuple[str, list[tuple[str, str]], list[tuple[str, str | None, str, str]]]:
    try:
        contenu = json.loads(fichier.read_text(encoding="utf-8"))
        agents = [
            (str(a["email"]), a["departement"], str(a["secret_totp"]), str(a.get("role", "instruction")))
            for a in contenu.get("agents", [])
        ]
        return str(contenu["mot_de_passe"]), [(str(c["email"]), str(c["neph"])) for c in contenu["comptes"]], agents
    except OSError as problem:
        raise CommandError(f"{fichier} : {problem.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CommandError(f"{fichier} : ce n'est pas une liste de comptes (mot_de_passe, comptes).") from None


@transaction.atomic
def put_compte(
    *,
    email: str,
    encode: Callable[[], str],
    convient: Callable[[str], bool],
    administrateur: bool = False,
    departement: str | None = None,
    role: str = Agent.Role.INSTRUCTION,
    secret_totp: str | None = None,
) -> User:
    """Make sure that an active account with a verified address exists, and that the password is the one meant.

    ``encode`` gives that password's hash and ``convient`` tells whether a hash is one of it: hashing is the caller's.
    A ``departement`` makes it an agent's, of this ``role``; ``secret_totp`` is the secret of its application of codes,
    in base 32.
    """
    agent = departement is not None
    user, created = User.objects.get_or_create(
        email=normalize_email(email), defaults={"password": encode(), "is_staff": administrateur or agent}
    )
    if not created and not convient(user.password):
        user.password = encode()
    user.ferme_at = user.bloque_at = user.desactive_at = None
    user.is_staff, user.is_superuser = administrateur or agent, administrateur
    user.save()
    if user.is_staff:
        detach_dossier(user=user)
    if departement is not None:
        en_fonction = {"departement": departement, "role": role, "suspendu_at": None, "fini_at": None}
        Agent.objects.update_or_create(user=user, defaults=en_fonction)
    if secret_totp is not None:
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        TOTP.activate(user, secret_totp)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user
