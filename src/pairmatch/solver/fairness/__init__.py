"""Floors for whoever is worst off: cuts, levels, and prices on floors that bind."""
