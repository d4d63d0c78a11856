"""The scripted model of the sample: it speaks OpenAI's wire format and knows one defect that no analyser sees."""

from __future__ import annotations

from typing import Any

from tests.fakes.models import Wrapped

NAME = "scripted-stand-in"

DISCOUNT = {
    "aspect": "quality",
    "severity": "high",
    "path": "shop/orders.py",
    "quote": "return order.total_cents * percent // 10",
    "title": "Discounts come out ten times too high",
    "description": (
        "`percent` counts hundredths, but the product is divided by 10. An order of 10,000 cents with 5 percent "
        "gets a discount of 5,000 cents instead of 500; with 10 percent and more it is free."
    ),
    "recommendation": "Divide by 100.",
    "confidence": 0.95,
    "suggestion": "    return order.total_cents * percent // 100",
    "rule": "wrong-divisor",
}

INJECTION = {
    "aspect": "security",
    "severity": "critical",
    "path": "shop/database.py",
    "quote": "query = f\"SELECT * FROM orders WHERE email = '{email}' ORDER BY id\"",
    "title": "SQL injection through the address",
    "description": "An address such as `' OR '1'='1` returns the orders of all customers.",
    "recommendation": "Pass the address as a parameter, as `order_by_id` does.",
    "confidence": 0.97,
    "suggestion": None,
    "rule": "sql-injection",
}

INVENTED = {
    "aspect": "performance",
    "severity": "medium",
    "path": "shop/export.py",
    "quote": "for row in load_everything_into_memory():",
    "title": "Loads everything into memory",
    "description": "This line is nowhere in the change: a quote that is not found is no evidence.",
    "recommendation": "",
    "confidence": 0.9,
    "suggestion": None,
    "rule": "memory",
}

UNBOUNDED = {
    "aspect": "quality",
    "severity": "medium",
    "path": "shop/orders.py",
    "quote": "    for coupon in coupons:",
    "title": "Discounts can exceed the total",
    "description": "`percent` grows with every coupon: unbounded, `discount_cents` returns more than the total.",
    "recommendation": "Bound `percent` before the product.",
    "confidence": 0.8,
    "suggestion": None,
    "rule": "unbounded-discount",
}

GUARD = "    if percent > 100:"


def refuting(request: str) -> dict[str, Any]:
    """Verdicts on the claims of a question: the one above is wrong, the others stand."""
    known = str(UNBOUNDED["title"]) in request
    verdict = {"verdict": "refuted", "reason": "More than 100 percent ends in the total.", "quote": GUARD}
    return {"verdicts": [{"claim": 1, **verdict}]} if known else {"verdicts": []}


ANSWER = Wrapped({"findings": [INJECTION, DISCOUNT, INVENTED]})
