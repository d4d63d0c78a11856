"""The few payload fields that we read of GitHub's events, as frozen models; everything else is skipped unread."""
