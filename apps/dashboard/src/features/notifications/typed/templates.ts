/** Values by placeholder name without the `#` signs. */
export type TemplateValues = ReadonlyMap<string, string>;

const PLACEHOLDER = /#([A-Z][A-Z0-9.]*)#/g;

/**
 * Fills a template of a typed channel: a placeholder without a value is empty, and a line that had placeholders but nothing to put there
 * is left out. Inserted values are not looked at again.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template
    .split("\n")
    .flatMap((line) => {
      const names = [...line.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
      if (names.length > 0 && names.every((name) => (values.get(name) ?? "") === "")) return [];
      return [line.replace(PLACEHOLDER, (_whole, name: string) => values.get(name) ?? "")];
    })
    .join("\n");
}

/** Length of a text as a service counts. */
export function lengthOf(text: string, unit: "characters" | "bytes"): number {
  return unit === "bytes" ? Buffer.byteLength(text) : text.length;
}

const MORE = "…";

/** Cuts a text at a whole character so that it has at most so many of the unit, and says so. */
export function cutTo(text: string, most: number, unit: "characters" | "bytes"): string {
  if (lengthOf(text, unit) <= most) return text;
  let [least, longest] = [0, Math.min(text.length, most)];
  while (least < longest) {
    const middle = Math.ceil((least + longest) / 2);
    if (lengthOf(text.slice(0, middle) + MORE, unit) <= most) least = middle;
    else longest = middle - 1;
  }
  return text.slice(0, least).replace(/[\uD800-\uDBFF]$/, "") + MORE;
}
