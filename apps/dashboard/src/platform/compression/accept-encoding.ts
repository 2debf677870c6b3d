/** Codings that answers are made in, best first. */
export const CODINGS = ["br", "gzip"] as const;
export type Coding = (typeof CODINGS)[number];

/**
 * Which coding a client wants most by its `Accept-Encoding` (RFC 9110 section 12.5.3), ours first among equals; undefined when it wants
 * none of those offered, or the plain bytes rather than them.
 */
export function chosenCoding(header: string, offered: readonly Coding[] = CODINGS): Coding | undefined {
  const weights = new Map(header.split(",").map(readItem));
  const weightOf = (name: string, otherwise: number): number => weights.get(name) ?? weights.get("*") ?? otherwise;
  const plain = weights.get("identity") ?? 0;
  let best: Coding | undefined;
  let bestWeight = 0;
  for (const coding of offered) {
    // `x-gzip` is an old name of the same (RFC 9110 section 8.4.1.3).
    const weight = coding === "gzip" ? Math.max(weightOf("gzip", 0), weights.get("x-gzip") ?? 0) : weightOf(coding, 0);
    if (weight > bestWeight && weight >= plain) [best, bestWeight] = [coding, weight];
  }
  return best;
}

function readItem(item: string): [string, number] {
  const [name = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="));
  const weight = quality === undefined ? 1 : Number(quality.slice("q=".length));
  return [name, weight >= 0 && weight <= 1 ? weight : 0];
}
