import type { AnswerHead } from "./answer-head.ts";

/** Come once; of several the first counts (a browser that was given both might take the other). */
const SINGLE = new Set([
  "access-control-allow-credentials",
  "access-control-allow-origin",
  "access-control-max-age",
  "age",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-location",
  "content-md5",
  "content-range",
  "content-type",
  "date",
  "etag",
  "expires",
  "last-modified",
  "location",
  "retry-after",
  "server",
  "x-content-type-options",
]);

/** The headers of an answer as either HTTP version takes them: lower case, a line for each value, the length said by us. */
export function answerFields({ headers, framing, wouldBe }: AnswerHead): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const values = fields.get(key);
    if (values === undefined) fields.set(key, [value]);
    else if (!SINGLE.has(key)) values.push(value);
  }
  const length = framing.kind === "length" ? framing.bytes : wouldBe;
  if (length !== undefined) fields.set("content-length", [String(length)]);
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]));
}

/** The agreement to switch protocols, said anew. */
export function upgradeHead({ headers, reason, upgrade }: AnswerHead): string {
  const lines = [`HTTP/1.1 101 ${reason || "Switching Protocols"}`, "Connection: Upgrade", `Upgrade: ${upgrade}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
