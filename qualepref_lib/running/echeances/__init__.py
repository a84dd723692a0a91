"""The calendar at work: which runs are due, running them once, telling how they ended."""
