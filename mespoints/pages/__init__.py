"""The public pages: what this service is, the rules for everybody with two calculators, how pages are displayed."""
