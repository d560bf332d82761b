"""Tests mirror src/pairmatch; a package so that they can share helpers."""
