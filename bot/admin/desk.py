"""What the operator's interface is answered from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.operator import OperatorRules
from config.settings import Settings
from workers.llm.advice import Adviser
from workers.storage.receipts import ReceiptBook
from workers.storage.reports import Reports


@dataclass(frozen=True, slots=True)
class Desk:
    """Rules, models and the ledger. `now` gives epoch seconds."""

    settings: Settings
    rules: OperatorRules
    adviser: Adviser
    reports: Reports
    receipts: ReceiptBook
    now: Callable[[], float]
