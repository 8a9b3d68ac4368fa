"""The prefecture's desk: a dossier is opened one at a time, for a reason, and what is done there is in the journal."""
