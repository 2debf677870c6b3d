import { parseSync, Visitor } from "oxc-parser";

/** One small change of a source, such as a careless edit would make. */
export interface Mutant {
  /** Counted from 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly source: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const OPPOSITE: Readonly<Record<string, string>> = { "===": "!==", "!==": "===", ">": "<=", "<": ">=" };

/** Takes every condition, guard and part of a conjunction out of a source, one at a time. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const text = ({ start, end }: Span): string => source.slice(start, end);
  const replace = (span: Span, after: string): void => {
    const line = source.slice(0, span.start).split("\n").length;
    mutants.push({ line, before: text(span), after, source: source.slice(0, span.start) + after + source.slice(span.end) });
  };
  new Visitor({
    IfStatement: (node) => replace(node, ";"),
    LogicalExpression(node) {
      replace(node, `(${text(node.left)})`);
      if (node.operator !== "??") replace(node, `(${text(node.right)})`);
    },
    ConditionalExpression(node) {
      replace(node, `(${text(node.consequent)})`);
      replace(node, `(${text(node.alternate)})`);
    },
    UnaryExpression(node) {
      if (node.operator === "!") replace(node, `(${text(node.argument)})`);
    },
    BinaryExpression(node) {
      const opposite = OPPOSITE[node.operator];
      if (opposite !== undefined) replace(node, `(${text(node.left)} ${opposite} ${text(node.right)})`);
    },
    ReturnStatement(node) {
      if (node.argument?.type === "Literal" && typeof node.argument.value === "boolean")
        replace(node.argument, String(!node.argument.value));
    },
    MemberExpression(node) {
      if (node.property.type === "Identifier" && node.property.name === "every") replace(node.property, "some");
    },
  }).visit(parseSync(file, source).program);
  return mutants;
}
