const LONGEST = 300;
/** Shorter texts are everywhere. */
const LEAST = 4;
const HIDDEN = "•••";

/** Pieces under which a secret may come back: itself, as it stands in a URL, and the parts of a URL that is one. */
function piecesOf(secret: string): string[] {
  const lines = secret.split("\n").flatMap((line) => [line.trim(), line.slice(line.indexOf(":") + 1).trim()]);
  const url = URL.canParse(secret) ? new URL(secret) : undefined;
  const parts =
    url === undefined
      ? []
      : [
          `${url.pathname}${url.search}`,
          url.pathname,
          ...url.searchParams.values(),
          url.password,
          ...url.pathname.split("/").filter((part) => part.length >= 8),
        ];
  return [secret, ...lines, ...parts].flatMap((piece) => [piece, encodeURIComponent(piece), Buffer.from(piece).toString("base64")]);
}

/** A service's words as one line that may be kept and shown: secrets taken out, cut. */
export function redact(text: string, secrets: readonly string[]): string {
  const pieces = [...new Set(secrets.flatMap(piecesOf))].filter((piece) => piece.length >= LEAST).toSorted((a, b) => b.length - a.length);
  const clean = pieces.reduce((rest, piece) => rest.replaceAll(piece, HIDDEN), text);
  // Control characters and line breaks have no place in a log line.
  const oneLine = clean.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return oneLine.length > LONGEST ? `${oneLine.slice(0, LONGEST)}…` : oneLine;
}
