"""``mesurer_documents QUOI DOSSIER…``: what issuing costs in one process; prints JSON.

``cout``: the ADCS of each dossier and, beside each, the same page drawn by WeasyPrint in this process, its QR and its
seal, all alone; then a RII. ``debit``: the ADCS one after the other.
"""

import json
import os
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from django.core.management.base import BaseCommand
from django.db.models import Avg, Func, IntegerField
from django.utils import timezone

from documents import services
from documents.code.porte_cles import attester
from documents.code.qr import code_qr
from documents.models import DocumentEmis
from documents.pdf import cachet, rendering
from documents.pdf.atelier import Atelier
from documents.selectors import get_attestation
from documents.services import ADCS, RII, Modele, issue_document

CHAUFFE = 3


class OctetLength(Func):
    """What PostgreSQL says of the weight of a file, without reading it here."""

    function = "octet_length"
    output_field = IntegerField()


def issue(modele: Modele, dossier_id: int) -> DocumentEmis:
    return issue_document(modele, dossier_id, now=timezone.now(), niveau="password")


def duree(faire: Callable[[], Any]) -> float:
    depart = time.perf_counter()
    faire()
    return time.perf_counter() - depart


class Command(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("quoi", choices=["cout", "debit"])
        parser.add_argument("dossiers", type=int, nargs="+")

    def handle(self, *args: Any, quoi: str, dossiers: list[int], **options: Any) -> None:
        services.prepare()
        for cle in dossiers[:CHAUFFE]:
            issue(ADCS, cle)
        dit = self.cout(dossiers[CHAUFFE:]) if quoi == "cout" else self.debit(dossiers[CHAUFFE:])
        self.stdout.write(json.dumps(dit))

    def debit(self, dossiers: list[int]) -> dict[str, Any]:
        secondes = duree(lambda: [issue(ADCS, cle) for cle in dossiers])
        return {"documents": len(dossiers), "secondes": secondes}

    def cout(self, dossiers: list[int]) -> dict[str, Any]:
        os.environ["FONTCONFIG_FILE"] = str(rendering._modeles() / "fonts.conf")
        atelier, demandes = Atelier([rendering._polices(), rendering._modeles()]), []
        rendre = rendering._ouvrier.rendre
        rendering._ouvrier.rendre = lambda requete: demandes.append(requete) or rendre(requete)  # type: ignore[method-assign,func-returns-value]
        notres: list[float] = []
        planchers: list[float] = []
        for rang, cle in enumerate(dossiers):
            attestation = get_attestation(cle, now=timezone.now(), numero="ADCS-00000-00000")
            emission = duree(lambda cle=cle: issue(ADCS, cle))
            page = json.loads(demandes[-1])
            image = code_qr(attester(attestation, cti=b"0" * 16, index_statut=10**6 + rang).adresse).png

            def seul(page: Any = page, attestation: Any = attestation, image: bytes = image) -> None:
                code_qr(attester(attestation, cti=b"0" * 16, index_statut=0).adresse)
                cachet.sceller(atelier.rendre(page["html"], page["feuille"], {"qr.png": image}), raison="Mesure")

            plancher = duree(seul)
            if rang:  # the first one reads the fonts
                notres.append(emission)
                planchers.append(plancher)
        depart = time.perf_counter()
        releve = issue(RII, dossiers[0])
        secondes = time.perf_counter() - depart
        with pikepdf.open(BytesIO(bytes(releve.octets))) as pdf:
            pages = len(pdf.pages)
        return {
            "adcs": statistics.median(notres),
            "plancher": statistics.median(planchers),
            "rii": secondes,
            "pages": pages,
            "octets_adcs": DocumentEmis.objects.filter(genre="adcs").aggregate(o=Avg(OctetLength("octets")))["o"],
        }
