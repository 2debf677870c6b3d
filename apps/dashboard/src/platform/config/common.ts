import { topKeys } from "./keys.ts";
import type { ConfigValues } from "./values.ts";

/** What each of several dashboards has for itself: where it listens, and what it says of itself. */
const OWN: ReadonlySet<string> = new Set<keyof typeof topKeys>([
  "debug",
  "jwtSecretKeyLastRotatedVersion",
  "listenHost",
  "listenPort",
  "logFormat",
  "logLevel",
]);

/** Settings that are to be the same at all dashboards of an installation: names as the file has them, values as text. Holds secrets. */
export function commonSettings(values: Readonly<ConfigValues>): readonly (readonly [name: string, value: string])[] {
  const plain = Object.entries(topKeys).filter(([field]) => !OWN.has(field));
  return [
    ...plain.map(([field, { name }]) => [name, JSON.stringify(values[field as keyof ConfigValues])] as const),
    ["limits", inOrder(values.limits)],
    ["oauth2", inOrder(values.oauth2)],
    ["outbound_allow", inOrder(values.outboundAllow)],
  ];
}

/** The same text for the same content, in whatever order its members were written. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
