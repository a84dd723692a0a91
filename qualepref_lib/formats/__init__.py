"""File formats: what offices really have, read as text and checked column by column."""
