"""Modules as people write them, in seven languages: documented types with methods that do something, by the dozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

METHODS = 8
TYPES = 10
STEPS = 10
"""Statements of a method's body: what a reader of interfaces has to pass over."""


@dataclass(frozen=True)
class Shape:
    """Parts of a module; "KIND", "STEP" and "N" in them are numbers."""

    type: str
    method: str
    statement: str
    end: str
    type_end: str = "}\n\n"
    head: str = ""


CALL = "        total = total + this.weigh(total, N);\n"
BRACES = "        if (total > limit) { total = total - limit * N; }\n" + CALL
END = "        return total;\n    }\n\n"
DOC = "    /** Add what is below the limit. */\n"
TYPE_DOC = "/** A box of kind KIND. */\n"
SCRIPT = TYPE_DOC + "export class BoxKIND extends Base {\n    size = KIND;\n\n"
TYPED = Shape(
    SCRIPT,
    DOC + "    stepSTEP(limit: number, by: number = 1): number {\n        let total = by;\n",
    BRACES,
    END,
)
SHAPES: Mapping[str, Shape] = {
    "python": Shape(
        'class BoxKIND(Base):\n    """A box of kind KIND."""\n\n    size: int = KIND\n\n',
        "    def step_STEP(self, limit: int, *, by: float = 1.0) -> float:\n"
        '        """Add what is below `limit`."""\n        total = by\n',
        "        if total > limit:\n            total = total - limit * N\n        total += self.weigh(total, N)\n",
        "        return total\n\n",
        "\n",
    ),
    "javascript": Shape(
        SCRIPT, DOC + "    stepSTEP(limit, by = 1) {\n        let total = by;\n", BRACES, END
    ),
    "typescript": TYPED,
    "tsx": TYPED,
    "java": Shape(
        TYPE_DOC + "public class BoxKIND extends Base {\n    private int size = KIND;\n\n",
        DOC + "    public double stepSTEP(int limit, double by) {\n        double total = by;\n",
        BRACES,
        END,
        head="package boxes;\n\n",
    ),
    "kotlin": Shape(
        TYPE_DOC + "class BoxKIND(val size: Int = KIND) : Base() {\n",
        DOC + "    fun stepSTEP(limit: Int, by: Double = 1.0): Double {\n        var total = by\n",
        BRACES.replace(";", ""),
        END.replace(";", ""),
        head="package boxes\n\n",
    ),
    "go": Shape(
        "// BoxKIND is a box.\ntype BoxKIND struct {\n\t// Size in metres.\n\tSize int\n}\n\n",
        "// StepSTEP adds what is below the limit.\n"
        "func (b *BoxKIND) StepSTEP(limit int, by float64) (float64, error) {\n\ttotal := by\n",
        "\tif total > limit {\n\t\ttotal = total - limit*N\n\t}\n\ttotal += b.weigh(total, N)\n",
        "\treturn total, nil\n}\n\n",
        "",
        "package boxes\n\n",
    ),
    "rust": Shape(
        "/// A box of kind KIND.\npub struct BoxKIND {\n    /// In metres.\n    pub size: u32,\n}\n\nimpl BoxKIND {\n",
        "    /// Add what is below the limit.\n"
        "    pub fn stepSTEP(&self, limit: u32, by: f64) -> f64 {\n        let mut total = by;\n",
        "        if total > limit { total = total - limit * N; }\n        total = total + self.weigh(total, N);\n",
        "        total\n    }\n\n",
    ),
}


def module(language: str) -> str:
    """One module with TYPES types of METHODS methods each."""
    shape = SHAPES[language]
    return shape.head + "".join(_type(shape).replace("KIND", str(kind)) for kind in range(TYPES))


def _type(shape: Shape) -> str:
    body = "".join(shape.statement.replace("N", str(number)) for number in range(STEPS))
    method = shape.method + body + shape.end
    return shape.type + "".join(method.replace("STEP", str(step)) for step in range(METHODS)) + shape.type_end
