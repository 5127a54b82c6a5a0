import type { Expression } from "./tree.ts";

/** The expressions that stand in another; queries inside it are not looked into. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "binary":
    case "like":
      return [expression.left, expression.right];
    case "in":
      return [expression.operand, ...("kind" in expression.values ? [] : expression.values)];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "logical":
      return expression.operands;
    case "not":
    case "cast":
    case "isNull":
      return [expression.operand];
    case "call":
      return expression.args;
    case "raw":
      return expression.parts.filter((part) => typeof part !== "string");
    case "case": {
      const branches = expression.branches.flatMap(({ when, then }) => [when, then]);
      return expression.otherwise === null ? branches : [...branches, expression.otherwise];
    }
    default:
      return [];
  }
}
