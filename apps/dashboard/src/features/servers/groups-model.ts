/** A server group with its members in the order they were saved (spec 11 section 2). */
export interface ServerGroup {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly serverIds: readonly number[];
}

/** Neighbours that are equal become one, as the reference does before it counts. */
export function collapseNeighbours(ids: readonly number[]): number[] {
  return ids.filter((id, index) => id !== ids[index - 1]);
}
