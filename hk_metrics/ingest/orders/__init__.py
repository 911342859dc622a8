"""Orders: who brought them, of which brand they are, and whether they stand."""
