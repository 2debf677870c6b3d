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

const ANY_ONE = Symbol("?");
const ANY_NUMBER = Symbol("*");

/** A name, character by character. */
type Step = readonly (string | typeof ANY_ONE | typeof ANY_NUMBER)[];

function splitPath(path: string): readonly Step[] {
  const characters = Array.from(path);
  const steps: Step[number][][] = [[]];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === ".") steps.push([]);
    else if (character === "\\" && at + 1 < characters.length) steps.at(-1)?.push(characters[++at] ?? "");
    else steps.at(-1)?.push(character === "*" ? ANY_NUMBER : character === "?" ? ANY_ONE : character);
  }
  return steps;
}

function descend(value: unknown, step: Step): unknown {
  const name = step.every((part) => typeof part === "string") ? step.join("") : undefined;
  if (Array.isArray(value)) return name !== undefined && /^\d+$/.test(name) ? (value as unknown[])[Number(name)] : undefined;
  if (typeof value !== "object" || value === null || value instanceof NumberText) return undefined;
  return Object.entries(value).find(([key]) => (name === undefined ? isLike(key, step) : key === name))?.[1];
}

/** Whether wildcards fit. Only the last `*` is ever tried again, so that no pattern and no name takes long together. */
function isLike(key: string, step: Step): boolean {
  const characters = Array.from(key);
  let [at, part] = [0, 0];
  let retry: { at: number; part: number } | undefined;
  while (at < characters.length) {
    const wanted = step[part];
    if (wanted === ANY_NUMBER) {
      part += 1;
      retry = { at, part };
    } else if (wanted === ANY_ONE || wanted === characters[at]) {
      at += 1;
      part += 1;
    } else if (retry) {
      retry.at += 1;
      ({ at, part } = retry);
    } else return false;
  }
  return step.slice(part).every((rest) => rest === ANY_NUMBER);
}
