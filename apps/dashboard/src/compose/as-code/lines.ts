import { isItem } from "./json.ts";
import type { Difference } from "./items.ts";
import type { Plan, Step } from "./plan.ts";

const MARKS = { create: "+", change: "~", delete: "-" } as const;
const LONGEST = 120;

/** A step as a line, with a line below it for every field that changes. */
export function lineOf(step: Step): string {
  const head = `${MARKS[step.does]} ${step.section}${step.name === "" ? "" : ` ${JSON.stringify(step.name)}`}\n`;
  if (step.does !== "change") return head;
  const fields = step.fields.map((difference) => {
    const { field, from, to } = step.section === "channels" ? withoutNewKeys(difference) : difference;
    return `    ${field}: ${shown(from)} → ${shown(to)}\n`;
  });
  return head + (fields.length === 0 ? "    secrets, which cannot be compared, are sent\n" : fields.join(""));
}

/** A plan as text: what is done, what keeps it from being done, and what the document does not know. */
export function linesOf({ steps, problems, others }: Plan): string {
  const unknown =
    others.length === 0
      ? []
      : [`  not in the document: ${others.map(({ section, name }) => `${section} ${JSON.stringify(name)}`).join(", ")}\n`];
  const none = steps.length + problems.length === 0 ? ["no difference\n"] : [];
  return [...steps.map(lineOf), ...problems.map((problem) => `! ${problem}\n`), ...unknown, ...none].join("");
}

/** What a channel has not told of itself before may be its first secret: only that it is given is shown. */
function withoutNewKeys(difference: Difference): Difference {
  const { field, from, to } = difference;
  if (!isItem(to)) return difference;
  const known = isItem(from) ? from : {};
  return { field, from, to: Object.fromEntries(Object.entries(to).map(([key, value]) => [key, key in known ? value : "…"])) };
}

function shown(value: unknown): string {
  const text = value === undefined ? "–" : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
