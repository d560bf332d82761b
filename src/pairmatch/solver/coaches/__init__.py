"""Coaches, after the pairs or together with them."""
