import type { z } from "zod";
import { DecimalLiteral } from "@windfire/api";

type RawIssue = z.core.$ZodRawIssue;

const INTEGER = "must be an integer, written without a fraction or an exponent";
const KINDS: Readonly<Record<string, string>> = {
  string: "must be a text",
  number: "must be a number",
  int: INTEGER,
  boolean: "must be true or false",
  array: "must be a list",
  object: "must be an object",
  record: "must be an object",
};
const COUNTED: Readonly<Record<string, { readonly one: string; readonly many: string }>> = {
  string: { one: "character", many: "characters" },
  array: { one: "entry", many: "entries" },
};
const FORMATS: Readonly<Record<string, string>> = {
  datetime: "must be an RFC 3339 date-time with an offset",
  email: "must be an e-mail address",
  url: "must be a URL",
};
const UNKNOWN = "is not understood";

/**
 * What is said of a value that a schema refuses and has no words of its own for: what it must be, never what it is or how the program calls
 * it. For `safeParse(value, { error: issueText })`.
 */
export function issueText(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeText(issue.input, String(issue.expected));
    case "too_small":
      return boundText(issue.inclusive === false ? "more than" : "at least", issue.minimum, issue.origin);
    case "too_big":
      return boundText(issue.inclusive === false ? "less than" : "at most", issue.maximum, issue.origin);
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_format":
      return FORMATS[issue.format] ?? "has not the form that it must have";
    case "unrecognized_keys":
      return `has members that are not known: ${issue.keys.join(", ")}`;
    case "invalid_union":
      return Array.isArray(issue.options) ? oneOf(issue.options) : closest(issue.errors);
    case "custom":
    case "invalid_element":
    case "invalid_key":
    case "not_multiple_of":
    default:
      return UNKNOWN;
  }
}

function typeText(input: unknown, expected: string): string {
  if (input === undefined) return "must be given";
  return input instanceof DecimalLiteral && expected === "number" ? INTEGER : (KINDS[expected] ?? UNKNOWN);
}

function boundText(relation: string, limit: unknown, origin: unknown): string {
  const counted = COUNTED[String(origin)];
  if (counted === undefined) return `must be ${relation} ${String(limit)}`;
  return `must have ${relation} ${String(limit)} ${Number(limit) === 1 ? counted.one : counted.many}`;
}

function oneOf(values: readonly unknown[]): string {
  return `must be ${values.length === 1 ? "" : "one of "}${values.map(String).join(", ")}`;
}

/** What the form that fits best has against it. */
function closest(forms: readonly (readonly z.core.$ZodIssue[])[]): string {
  const [first] = forms.toSorted((a, b) => a.length - b.length)[0] ?? [];
  if (first === undefined || first.path.length === 0) return "is none of the forms that it may have";
  return `${first.path.map(String).join(".")}: ${first.message}`;
}
