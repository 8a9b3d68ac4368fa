"""The documents at the desk: the RII that a driver asks of the prefecture by post, and the letters to send."""
