"""The courses at the desk: those that are due and not done, those that are announced and not attested."""
