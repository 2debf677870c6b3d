import { isItem } from "./json.ts";
import type { Nested, Section } from "./kind.ts";

/** What something may be reached through, with the section that it is named in. */
const KINDS: Readonly<Record<string, Section>> = { server: "servers", service: "services" };

/** `{ server: gateway }` in the document, kind and id in the API; empty in the one and null in the other: nothing. */
export const reachedThrough: Nested = {
  field: "reached_through",
  written(value, names) {
    if (!isItem(value)) return undefined;
    const kind = String(value["kind"]);
    const section = KINDS[kind];
    const name = section && names.nameOf(section, Number(value["id"]));
    return name === undefined ? undefined : { [kind]: name };
  },
  read(value, names) {
    const [named] = namesIn(value);
    return named === undefined ? null : { kind: named.kind, id: names.idOf(named.to, named.name) ?? 0 };
  },
  used: (value) => namesIn(value).map(({ to, name }) => ({ to, name })),
  problems(value) {
    if (value === null || (isItem(value) && Object.keys(value).length === 0)) return [];
    const isOne = isItem(value) && Object.keys(value).length === 1 && namesIn(value).length === 1;
    return isOne ? [] : [`reached_through: must name one of ${Object.keys(KINDS).join(", ")}`];
  },
};

function namesIn(value: unknown): { readonly kind: string; readonly to: Section; readonly name: string }[] {
  if (!isItem(value)) return [];
  return Object.entries(KINDS).flatMap(([kind, to]) => {
    const name = value[kind];
    return typeof name === "string" && name !== "" ? [{ kind, to, name }] : [];
  });
}
