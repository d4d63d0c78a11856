"""What people say to us in comments: the grammar of slash commands, from text to values. Pure."""
