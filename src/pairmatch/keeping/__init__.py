"""What is kept of a person, in everything that pairmatch writes: handed out, or taken out."""

from pairmatch.keeping.exporting import Export, export
from pairmatch.keeping.purging import Purged, purge

__all__ = ["Export", "Purged", "export", "purge"]
