"""Two commits of the site side by side: what each replays, answers, mails and prints, and where they differ."""
