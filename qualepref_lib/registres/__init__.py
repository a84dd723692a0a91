"""The registers followed row by row: what is due, answered, late or still open on a given day."""
