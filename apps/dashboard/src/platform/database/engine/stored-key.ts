/**
 * A parameter for a column that holds numbers and texts alike and gives back what it was given (`wf_changes.key`, `wf_audit.key`): SQLite's
 * columns without a type do, elsewhere it is JSON.
 */
export class StoredKey {
  readonly value: number | string;

  constructor(value: number | string) {
    this.value = value;
  }
}
