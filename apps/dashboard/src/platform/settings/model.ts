import type { EditableSettings, ProviderFields } from "#platform/config";
import type { Changes, Queries } from "#platform/database";

/**
 * Where what people change of the configuration is kept while the dashboard runs: settings, and providers that they sign in through. What
 * takes `tx` is part of a larger change, with its line in the audit log; once that is through, what was saved is in force here.
 */
export interface SettingsKeeper {
  /** Those in force, as the transaction sees them. */
  load(tx: Queries): Promise<EditableSettings>;
  save(tx: Queries, changes: Changes, settings: EditableSettings): Promise<void>;
  /** `undefined`: it is taken away. A `client_secret` that is left out stays as it is. */
  saveProvider(tx: Queries, changes: Changes, name: string, fields: ProviderFields | undefined): Promise<void>;
  /** The file was read again: what somebody changed there is told to all who share it. */
  reread(): Promise<void>;
  /** Brings the file up to what is in force. */
  start(): Promise<void>;
  /** Waits for what is being written. */
  stop(): Promise<void>;
}
