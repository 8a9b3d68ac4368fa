"""The FranceConnect door: the exchange, the identity kept, the dossier proposed at the first sign-in."""
