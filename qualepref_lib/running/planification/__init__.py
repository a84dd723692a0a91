"""The entry that calls the calendar every day: cron, systemd or the Windows scheduler."""
