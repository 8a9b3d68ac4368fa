"""A synthetic population: drivers drawn from a seed, with the histories that lives make."""
