"""What each slash command does: one file each, and one row in the registry."""
