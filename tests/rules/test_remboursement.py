"""The fine that the course of a 48N gives back."""

from datetime import date

from dossier.rules.mots.conducteur import remboursement_de_l_amende


def test_le_delai_du_remboursement_est_dit_avec_celui_des_pieces() -> None:
    phrase = remboursement_de_l_amende(date(2026, 8, 22))
    assert "15\u00a0jours ouvrables" in phrase
    assert "30\u00a0jours ouvrables" in phrase
    assert "R.\u00a0223-8" in phrase
