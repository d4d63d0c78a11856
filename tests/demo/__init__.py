"""`make demo`: the whole bot on this machine, one pull request from webhook to posted review."""
