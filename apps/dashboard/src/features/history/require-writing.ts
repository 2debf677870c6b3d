/** A store that tells whether it takes anything. */
export interface WritingStore {
  stats(): Promise<{ readonly state: string; readonly reason: string }>;
}

/** @throws while the store takes nothing */
export async function requireWriting(store: WritingStore): Promise<void> {
  const { state, reason } = await store.stats();
  if (state !== "writing") throw new Error(`history is not written: ${reason}`);
}
