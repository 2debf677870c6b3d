import { joinedAddress } from "#features/servers";
import type { GeoAddress, HostInfo } from "#features/servers";

/** What is noted of agents when it changes. */
export const WHATS = ["version", "address"] as const;
export type What = (typeof WHATS)[number];

/** What something was from `at` on, Unix milliseconds. */
export interface Value {
  readonly at: number;
  readonly value: string;
}

/** Something that became another one at `at`, Unix milliseconds. */
export interface AgentChange {
  readonly at: number;
  readonly what: What;
  readonly from: string;
  readonly to: string;
}

/** What an agent said last; "" where it has said nothing. */
export function toldBy(host: HostInfo | undefined, address: GeoAddress): Readonly<Record<What, string>> {
  return { version: host?.version ?? "", address: joinedAddress(address) };
}

/** Changes at or after `since`, of values ascending in time. The first value is none: nobody knows what was before. */
export function changesIn(what: What, values: readonly Value[], since: number): AgentChange[] {
  return values.flatMap(({ at, value }, index) => {
    const before = values[index - 1];
    return before === undefined || at < since || before.value === value ? [] : [{ at, what, from: before.value, to: value }];
  });
}
