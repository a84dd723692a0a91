"""The shared mail register: a workbook to fill in, registers put together, the daily list."""
