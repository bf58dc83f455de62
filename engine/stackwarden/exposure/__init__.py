"""Ways from the internet through code and its role to data: what no single resource shows."""
