"""The shapes of charts: each draws one kind of Bilan on a bare matplotlib Figure."""
