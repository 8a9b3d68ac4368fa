"""« Vérifier une attestation »: for an officer, an employer, a hirer; and, for its holder, who checked it when."""
