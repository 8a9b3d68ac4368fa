"""The code of an ADCS: its QR, the sixteen characters beside it, the keys that sign it, the lists that follow it."""
