"""How cost grows with what there is."""
