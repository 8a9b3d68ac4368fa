"""Check an ADCS as a file, without network nor database: seal, code, status list. The exit code is the verdict."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from documents.code import porte_cles
from documents.code.cles import CleRefusee, Trousseau, lire_trousseau
from documents.code.cose import Refus
from documents.code.fichier import TAILLE, code_du_fichier, verifier_cachet
from documents.code.jeton import Couleur, Verdict, verifier
from documents.code.listes import ListeDeStatuts, lire_cles, lire_statuts
from documents.verification.presenters import Reponse, instant, reponse

#: What a script reads.
CODES = {Couleur.VERT: 0, Couleur.ROUGE: 1, Couleur.ORANGE: 3}
NE_PEUT_PAS_CONDUIRE = 4
PERIMEE = (
    "Attention\u00a0: cette liste des statuts est celle du {}, et il en existe de plus récentes. Un document retiré"
    " depuis n'y est pas\u00a0: prenez la dernière à /verification/statuts."
)
PEM = b"-----BEGIN"


class Command(BaseCommand):
    help = (
        "Vérifie une ADCS hors ligne, sur son fichier PDF. Code de retour : 0 authentique et à jour ; 3 authentique, "
        "mais ses droits n'ont pas été vérifiés depuis plus d'un jour ; 4 authentique et à jour, mais ne permet pas de "
        "conduire ; 1 à refuser ; 2 rien n'a pu être vérifié."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument(
            "--au", type=_moment, help="juger à cette date et heure (2026-11-21T14:32), et non maintenant"
        )
        parser.add_argument("--statuts", type=Path, help="liste signée des statuts, prise à /verification/statuts")
        parser.add_argument("--cles", type=Path, help="certificats PEM, ou liste signée prise à /verification/cles")
        parser.add_argument("--cachet", type=Path, help="certificat PEM du cachet (par défaut celui de ce site)")

    def handle(self, *, fichier: Path, **options: Any) -> None:
        au = options["au"] or timezone.now()
        octets = _lire(fichier)
        try:
            scelle_par = verifier_cachet(octets, certificats=_certificats(options["cachet"]), au=au)
            cles = _cles(options["cles"], au)
            statuts = _statuts(options["statuts"], cles, au)
            verdict = verifier(code_du_fichier(octets), cles=cles, maintenant=au, statuts=statuts)
        except Refus as refus:
            raise CommandError(f"À REFUSER : {refus.raison}.", returncode=CODES[Couleur.ROUGE]) from None
        self.stdout.write(f"Cachet : intact, {scelle_par}")
        dit = reponse(verdict, now=au)
        if statuts and au > statuts.suivante_at:
            self.stdout.write(PERIMEE.format(instant(statuts.publiee_at)))
        self._dire(dit, verdict)
        if code := CODES[verdict.conclusion.couleur] or (0 if dit.peut_conduire else NE_PEUT_PAS_CONDUIRE):
            raise CommandError(dit.titre, returncode=code)

    def _dire(self, dit: Reponse, verdict: Verdict) -> None:
        self.stdout.write(" ".join(filter(None, [f"Code : {dit.titre}.", dit.conseil, verdict.raison])))
        if verdict.etat_connu_at:
            self.stdout.write(f"Droits connus au : {instant(verdict.etat_connu_at)}")
        for nom, valeur in (*dit.personne, *dit.document):
            self.stdout.write(f"  {nom} : {valeur}")
        for phrase in dit.mesures:
            self.stdout.write(f"  {phrase}")
        for categorie in dit.categories:
            restrictions = [f"{r.code} ({r.libelle})" if r.libelle else r.code for r in categorie.restrictions]
            fin = f"jusqu'au {categorie.jusqu_au}" if categorie.valable_jusqu_au else categorie.jusqu_au
            dates = f"depuis {categorie.depuis}, {fin}"
            details = ", ".join(filter(None, [dates, *restrictions, categorie.remarque]))
            self.stdout.write(f"  {categorie.code} : {details}")


def _moment(texte: str) -> datetime:
    try:
        moment = parse_datetime(texte if ":" in texte else f"{texte}T12:00")
    except ValueError:
        moment = None
    if moment is None:
        raise ArgumentTypeError(f"« {texte} » n'est pas une date comme 2026-11-21 ou 2026-11-21T14:32.")
    return moment if moment.tzinfo else timezone.make_aware(moment)


def _lire(chemin: Path) -> bytes:
    try:
        with chemin.open("rb") as flux:
            return flux.read(2 * TAILLE)
    except OSError as erreur:
        raise CommandError(f"{chemin} ne peut pas être lu : {erreur.strerror}.", returncode=2) from None


def _certificats(chemin: Path | None) -> list[x509.Certificate]:
    pem = _lire(chemin) if chemin else settings.CACHET_CERTIFICAT.encode()
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise CommandError("Le certificat du cachet n'est pas connu : --cachet FICHIER.pem.", returncode=2) from None


def _cles(chemin: Path | None, au: datetime) -> Trousseau:
    try:
        if chemin is None:
            return porte_cles.trousseau()
        octets = _lire(chemin)
        if octets.lstrip().startswith(PEM):
            return lire_trousseau(octets)
        return lire_cles(octets, cles=porte_cles.trousseau(), maintenant=au)
    except (CleRefusee, Refus) as raison:
        raise CommandError(f"La liste des clés ne peut pas servir : {raison}.", returncode=2) from None


def _statuts(chemin: Path | None, cles: Trousseau, au: datetime) -> ListeDeStatuts | None:
    if chemin is None:
        return None
    try:
        return lire_statuts(_lire(chemin), cles=cles, maintenant=au)
    except Refus as raison:
        raise CommandError(f"La liste des statuts ne peut pas servir : {raison.raison}.", returncode=2) from None
