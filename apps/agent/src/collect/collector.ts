import type { Host, State } from "@windfire/protocol";
import type { NicAllowlist } from "./network.ts";

/** The settings that say what is counted. */
export interface CollectSettings {
  readonly hard_drive_partition_allowlist: readonly string[];
  readonly nic_allowlist: NicAllowlist;
  readonly gpu: boolean;
  readonly temperature: boolean;
  readonly skip_connection_count: boolean;
  readonly skip_procs_count: boolean;
}

/** What a host is; what it permits is not for the collector to say. */
export type HostFacts = Omit<Host, "rights">;

/** Reads the host. A reading that fails is zero or empty, never an error. */
export interface Collector {
  /** What stays the same while the host runs, and the sizes of memory and disks. */
  host(settings: CollectSettings): Promise<HostFacts>;
  /** One live sample. */
  sample(settings: CollectSettings): Promise<State>;
}
