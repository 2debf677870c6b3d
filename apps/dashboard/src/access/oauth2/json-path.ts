/**
 * Text at a path of a JSON document, in the part of GJSON's syntax that `user_id_path` needs (spec 10 section 8.3): dots descend, numbers
 * index lists, `*` and `?` are wildcards in names, `\` takes the next character as it is.
 *
 * Whole numbers keep their digits, however many. Missing, null, lists and objects give "". A byte order mark in front and a call around
 * the document, `callback({…});`, as some providers write them, are left out.
 *
 * @throws {SyntaxError} when the text is no JSON.
 */
export function textAtPath(json: string, path: string): string {
  let value = parseKeepingDigits(withoutWrapper(json));
  for (const step of splitPath(path)) value = descend(value, step);
  if (value instanceof NumberText) return value.text;
  return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
}

function withoutWrapper(text: string): string {
  const bare = (text.startsWith("\uFEFF") ? text.slice(1) : text).trim();
  const call = (bare.endsWith(";") ? bare.slice(0, -1) : bare).trimEnd();
  const open = call.indexOf("(");
  const isCall = call.endsWith(")") && /^[\w$.]+$/.test(call.slice(0, Math.max(0, open)).trimEnd());
  return isCall ? call.slice(open + 1, -1) : bare;
}

class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function parseKeepingDigits(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== "number") return value;
    const source = context?.source ?? "";
    return new NumberText(/^-?\d+$/.test(source) ? source : String(value));
  }) as unknown;
}

interface Step {
  readonly name: string;
  readonly pattern: RegExp | undefined;
}

function splitPath(path: string): readonly Step[] {
  const steps: Step[] = [];
  let name = "";
  let pattern = "";
  let wild = false;
  const finish = (): void => {
    steps.push({ name, pattern: wild ? new RegExp(`^${pattern}$`, "su") : undefined });
    name = pattern = "";
    wild = false;
  };
  for (let at = 0; at < path.length; at++) {
    const char = path.charAt(at);
    if (char === ".") finish();
    else if (char === "*" || char === "?") {
      wild = true;
      pattern += char === "*" ? ".*" : ".";
    } else {
      const literal = char === "\\" && at + 1 < path.length ? path.charAt(++at) : char;
      name += literal;
      pattern += RegExp.escape(literal);
    }
  }
  finish();
  return steps;
}

function descend(value: unknown, step: Step): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(step.name) ? (value as unknown[])[Number(step.name)] : undefined;
  if (typeof value !== "object" || value === null || value instanceof NumberText) return undefined;
  const found = Object.entries(value).find(([key]) => (step.pattern ? step.pattern.test(key) : key === step.name));
  return found?.[1];
}
