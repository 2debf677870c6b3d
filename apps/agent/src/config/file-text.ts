import { formatPermits, OWN_HEAD, rightsIn } from "../gate/index.ts";
import type { Permits } from "../gate/index.ts";
import { CONFIG_KEYS, fail, isEmptyValue, succeed } from "./model.ts";
import type { AgentConfig, Outcome } from "./model.ts";

/** What the owner of the host alone writes into the file. */
export interface HostPart {
  readonly permits?: Permits | undefined;
  readonly update?: unknown;
}

/** The owner's part of a file whose text holds these values. */
export function hostPartOf(content: string, values: unknown): Outcome<HostPart> {
  const found = rightsIn(content, values);
  if (typeof found === "string") return fail(found);
  return succeed({ permits: found.kind === "own" ? found.permits : undefined, update: isRecord(values) ? values["update"] : undefined });
}

/** The whole file, keys in alphabetical order; `stringify` makes YAML of plain values. */
export function fileText(
  config: AgentConfig,
  { permits, update }: HostPart,
  stringify: (values: Readonly<Record<string, unknown>>) => string,
): string {
  const values = sorted({
    ...fileValues(config),
    ...(permits === undefined ? {} : { permits: formatPermits(permits) }),
    ...(update === undefined ? {} : { update }),
  });
  return `${permits === undefined ? "" : OWN_HEAD}${stringify(values)}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** Keys in alphabetical order, empty lists and maps left out (spec 21 section 2.2). */
function fileValues(config: AgentConfig): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const key of CONFIG_KEYS.toSorted()) {
    if (!isEmptyValue(config[key])) values[key] = config[key];
  }
  return values;
}
