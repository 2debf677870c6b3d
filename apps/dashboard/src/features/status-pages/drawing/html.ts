/** HTML that is whole: what came from people is escaped in it. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | false | undefined | readonly Value[];

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/** HTML of a template: texts are escaped, whatever they hold; attributes that hold one stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let whole = strings[0] ?? "";
  for (const [at, value] of values.entries()) whole += written(value) + (strings[at + 1] ?? "");
  return { html: whole };
}

/** Text that is HTML already, and safe. */
export function trusted(text: string): Html {
  return { html: text };
}

function written(value: Value): string {
  if (value === false || value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  if ("html" in value) return value.html;
  return value.map(written).join("");
}
