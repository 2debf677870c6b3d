const CENSORED = "«secret»";
const SECRET_KEY = /pass(?:word|wd)|secret|token|cookie|authori[sz]ation|api_?key|credential/i;
/** Secrets inside texts: query parameters and header values that found their way into a message or an error. */
const SECRET_PARAMETER = /([?&;](?:[\w-]*(?:token|secret|password|key|code|sign)[\w-]*)=)[^&\s"'#]+/gi;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
const ACCESS_TOKEN = /\bnzp_\w{8,}/g;
/** Details are small; what is deeper or longer than this is not worth a line. */
const MAX_DEPTH = 4;
const MAX_ENTRIES = 50;
const MAX_TEXT = 4_096;

/** The text without the secrets that can be told by their surroundings. */
export function redactText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return short.replace(SECRET_PARAMETER, `$1${CENSORED}`).replace(BEARER, `$1 ${CENSORED}`).replace(ACCESS_TOKEN, CENSORED);
}

/** A copy fit for the log: members with secret names censored, errors as type, message and stack, URLs without their query. */
export function redactDetails(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof URL) return `${value.origin}${value.pathname}`;
  if (value instanceof Error) return errorDetails(value, depth);
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => redactDetails(item, depth + 1));
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(entries.map(([key, member]) => [key, isSecret(key, member) ? CENSORED : redactDetails(member, depth + 1)]));
}

function isSecret(key: string, value: unknown): boolean {
  const holdsContent = (typeof value === "string" && value !== "") || (typeof value === "object" && value !== null);
  return holdsContent && SECRET_KEY.test(key);
}

function errorDetails(error: Error, depth: number): Record<string, unknown> {
  const cause = error.cause === undefined || depth >= MAX_DEPTH ? {} : { cause: redactDetails(error.cause, depth + 1) };
  return { type: error.name, message: redactText(error.message), stack: redactText(error.stack ?? ""), ...cause };
}
