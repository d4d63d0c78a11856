"""One wire format a file, behind the gateway's port."""
