"""The sections of `.github/quorum.yml`, one file each."""
