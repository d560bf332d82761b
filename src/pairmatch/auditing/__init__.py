"""What an audit counts, what it withholds, and the record that is kept of a programme's matchings."""

from pairmatch.auditing.record import AuditRecord

__all__ = ["AuditRecord"]
