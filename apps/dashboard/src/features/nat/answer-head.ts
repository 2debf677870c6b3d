/** How the end of an answer's body is found. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  /** The backend closes. */
  | { readonly kind: "close" };

/** The head of a backend's answer, cleaned: names are tokens, values hold no control characters. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** Names and values as they came, without those that concern the connection or the framing. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly framing: Framing;
  /** `Content-Length` of an answer without a body: what GET would have brought. */
  readonly wouldBe: number | undefined;
  /** Protocol that the backend switches to. */
  readonly upgrade: string | undefined;
}

/** Headers that belong to one connection (RFC 9110 section 7.6.1), and what says how a body is framed: that is said anew. */
const OF_THE_CONNECTION = new Set([
  "connection",
  "content-length",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const STATUS_LINE = /^(?:HTTP\/[01](?:\.\d+)?|ICY)[ \t]+(\d{3})(?:[ \t](.*))?$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
const DIGITS = /^\d{1,15}$/;
const NO_CONTENT = 204;
const NOT_MODIFIED = 304;

type Fields = readonly (readonly [name: string, value: string])[];

/**
 * Reads what routers and small servers send, not only what the standard allows: lines that end without a carriage return, folded lines,
 * blanks around names, lengths said twice. What cannot be made sense of is left out, what is ambiguous about the framing is refused.
 *
 * @param text everything before the empty line, one character a byte
 * @returns undefined for what is no answer
 */
export function parseAnswerHead(text: string, method: string): AnswerHead | undefined {
  const [first = "", ...lines] = unfold(text).split("\n");
  const [, digits = "", reason = ""] = STATUS_LINE.exec(clean(first)) ?? [];
  const status = Number(digits);
  if (status < 100) return undefined;
  const fields = lines.map(parseField).filter((field) => field !== undefined);
  const body = bodyFraming(fields);
  if (body === undefined) return undefined;
  const isBodiless = method === "HEAD" || status < 200 || status === NO_CONTENT || status === NOT_MODIFIED;
  const left = new Set([...OF_THE_CONNECTION, ...namedByConnection(fields)]);
  return {
    status,
    reason: clean(reason),
    headers: fields.filter(([name]) => !left.has(name.toLowerCase())),
    framing: isBodiless ? { kind: "none" } : body,
    wouldBe: method === "HEAD" && status >= 200 && body.kind === "length" ? body.bytes : undefined,
    upgrade: valuesOf(fields, "upgrade")[0],
  };
}

/** Header names that a message declares to be its connection's own. */
export function namedByConnection(fields: Fields): string[] {
  return valuesOf(fields, "connection").flatMap((value) => value.split(",").map((name) => name.trim().toLowerCase()));
}

/** A line that begins with a blank goes on with the one before. */
function unfold(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(/\n[ \t]+/g, " ");
}

function parseField(line: string): readonly [string, string] | undefined {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0)).trim();
  return TOKEN.test(name) ? [name, clean(line.slice(colon + 1))] : undefined;
}

function clean(text: string): string {
  return text.replace(/[^\t -~\u0080-\u00ff]/g, " ").trim();
}

function valuesOf(fields: Fields, wanted: string): string[] {
  return fields.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
}

function listOf(fields: Fields, name: string): string[] {
  return valuesOf(fields, name)
    .flatMap((value) => value.split(","))
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
}

/** Chunks win over a length (RFC 9112 section 6.3); lengths that differ leave open what the body is. */
function bodyFraming(fields: Fields): Framing | undefined {
  const codings = listOf(fields, "transfer-encoding").filter((coding) => coding !== "identity");
  if (codings.length > 0) return codings.every((coding) => coding === "chunked") ? { kind: "chunked" } : undefined;
  const lengths = new Set(listOf(fields, "content-length").map((text) => (DIGITS.test(text) ? Number(text) : Number.NaN)));
  const [bytes] = lengths;
  if (bytes === undefined) return { kind: "close" };
  return lengths.size === 1 && !Number.isNaN(bytes) ? { kind: "length", bytes } : undefined;
}
