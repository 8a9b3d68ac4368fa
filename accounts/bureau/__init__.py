"""The signalements at the desk: who looks after one, the exchange, and the ties that two agents decide."""
