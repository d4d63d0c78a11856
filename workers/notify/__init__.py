"""Messages to the operator: Slack, mail, signed webhook."""
