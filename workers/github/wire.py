"""What every request to GitHub's API has, whoever sends it; light, for processes without its clients."""

from __future__ import annotations

import ssl

import httpx

API_VERSION = "2022-11-28"
USER_AGENT = "quorum-review"


def tls_context() -> ssl.SSLContext:
    """The authorities we trust: those of `SSL_CERT_FILE` (an Enterprise Server's own), else the bundled ones.

    Making one takes 25 ms and a megabyte, so that connections share it.
    """
    return httpx.create_ssl_context(trust_env=True)
