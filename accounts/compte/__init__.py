"""My account: its pages, its password, its second factors, and what its owner does when it is no more theirs alone."""
