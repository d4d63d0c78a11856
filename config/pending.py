"""What keys and commands may name already and this version does not do yet; said wherever one of them is used.

A row is deleted in the change that brings its capability, together with the marks that point to it.
"""

from __future__ import annotations

from collections.abc import Mapping

PENDING: Mapping[str, str] = {
    "comparison": "comparisons of models",
}
