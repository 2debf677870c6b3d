import type { Store } from "../store-types.ts";

/** A store that is being tested, and the time it believes in. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Moves its clock forward and lets it do what is due. */
  advance(ms: number): Promise<void>;
  /** Closes it and opens what it left behind. */
  reopen(): Promise<Store>;
  dispose(): Promise<void>;
}

/** Start and value of each point of one column. */
export async function pointsOf(
  store: Store,
  family: string,
  column: string,
  window: { readonly from: number; readonly to: number; readonly step: number },
  group = 1,
): Promise<[number, number][]> {
  const { starts, columns } = await store.query({ family, group, columns: [{ column }], ...window });
  return Array.from(starts, (start, index) => [start, columns[0]?.[index] ?? Number.NaN]);
}
