"""What the pages of accounts and signalements say, as plain values."""

from dossier.models import Dossier


def apercu_du_dossier(dossier: Dossier | None) -> list[tuple[str, str]] | None:
    """Enough for drivers to know their own dossier, too little for anybody else to learn something."""
    if dossier is None:
        return None
    nom = dossier.nom_naissance + (f" (nom d'usage : {dossier.nom_usage})" if dossier.nom_usage else "")
    categories = [
        c["code"] + (f" depuis {c['date_obtention'][:4]}" if c.get("date_obtention") else "")
        for c in dossier.categories
    ]
    return [
        ("Nom de naissance", nom),
        ("Prénoms", ", ".join(dossier.prenoms)),
        ("Catégories du permis", ", ".join(categories) or "aucune"),
        ("Numéro de dossier (NEPH)", f"se termine par {dossier.neph[-4:]}"),
    ]
