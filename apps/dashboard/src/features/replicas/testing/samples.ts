import { decodeHost, decodeState } from "@windfire/protocol";
import type { HostInfo, HostState } from "#features/servers";

/** A state with nothing but a CPU share, percent. */
export function stateOf(cpu: number): HostState {
  return { ...decodeState(new Uint8Array()), cpu };
}

export function hostOf(bootTime = 1_767_225_600): HostInfo {
  return { ...decodeHost(new Uint8Array()), platform: "debian", bootTime };
}
