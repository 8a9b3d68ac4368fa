"""Makes an agent, changes what an agent may do, or takes it away: above all where no administrator is there to."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils.crypto import get_random_string

from accounts.models import Agent
from accounts.services import (
    AgentInconnu,
    CompteDeConducteur,
    CompteFerme,
    PersonneDejaAgent,
    end_agent,
    put_agent,
    resume_agent,
    suspend_agent,
)
from dossier import champs
from dossier.rules.departements import DEPARTEMENTS
from dossier.selectors import get_dossier_id


class Command(BaseCommand):
    help = (
        "Crée le compte d'un agent de préfecture, change son rôle, le suspend ou y met fin. Il choisit son mot de passe"
        " par « oublié »."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        acte = parser.add_mutually_exclusive_group(required=True)
        acte.add_argument("--role", choices=Agent.Role.values)
        for option, const, help_ in (
            ("--suspendre", suspend_agent, "jusqu'à nouvel ordre"),
            ("--reprendre", resume_agent, "après une suspension"),
            ("--terminer", end_agent, "il quitte le service"),
        ):
            acte.add_argument(option, dest="acte", action="store_const", const=const, help=help_)
        parser.add_argument(
            "--departement", choices=sorted(DEPARTEMENTS), metavar="CODE", help="sauf pour l'administration"
        )
        parser.add_argument("--neph", default="", help="son propre dossier de conducteur, qui lui sera fermé")

    def handle(self, *args: Any, email: str, acte: Callable[..., Agent] | None, **options: Any) -> None:
        if acte is None:
            self.mettre(email, options["role"], options["departement"], options["neph"])
            return
        try:
            agent = acte(email=email)
        except AgentInconnu:
            raise CommandError("Aucun agent en fonction n'a cette adresse.") from None
        self.stdout.write(f"Fait : agent n° {agent.pk}. Ses connexions sont fermées.")

    def mettre(self, email: str, role: str, departement: str | None, neph: str) -> None:
        """Make the account an agent's, or change what it may do."""
        if (role == Agent.Role.ADMINISTRATION) == bool(departement):
            raise CommandError("Un département pour chaque agent, aucun pour l'administration.")
        try:
            validate_email(email)
            dossier_id = get_dossier_id(champs.neph(neph)) if neph else None
        except (ValidationError, ValueError):
            raise CommandError("L'adresse ou le numéro NEPH n'a pas la forme attendue.") from None
        if neph and dossier_id is None:
            raise CommandError("Aucun dossier ne porte ce numéro NEPH.")
        inconnu = make_password(get_random_string(40))  # usable, for the door of the forgotten password
        try:
            put_agent(email=email, mot_de_passe=inconnu, role=role, departement=departement, dossier_id=dossier_id)
        except CompteDeConducteur:
            raise CommandError("Ce compte ouvre un dossier : un agent qui conduit a un autre compte.") from None
        except CompteFerme:
            raise CommandError("Ce compte a été fermé, et le reste : donnez une autre adresse.") from None
        except PersonneDejaAgent:
            raise CommandError("Un autre agent en fonction a ce numéro NEPH : terminez d'abord son compte.") from None
        self.stdout.write(f"Fait : {role}{f' ({departement})' if departement else ''}.")
