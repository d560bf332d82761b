"""Measurements of pairmatch beside its peers; see README.md."""
