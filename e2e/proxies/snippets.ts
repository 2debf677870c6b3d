import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../../docs/operations/reverse-proxy.md", import.meta.url));

/** The block of the page on reverse proxies that is fenced with these words: what people copy is what is tested. */
export function snippet(words: string): string {
  const [, text] = readFileSync(PAGE, "utf8").split(`\n\`\`\`${words}\n`);
  if (text === undefined) throw new Error(`the page has no block fenced with ${words}`);
  return `${text.split("\n```")[0] ?? ""}\n`;
}

/** The text with parts put in place of others; each part must be there, or the page has changed. */
export function withChanges(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changed, [part, other]) => {
    if (!changed.includes(part)) throw new Error(`the page no longer says ${part}`);
    return changed.replaceAll(part, other);
  }, text);
}
