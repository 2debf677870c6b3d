import type { VictoriaAddress } from "./address.ts";

/** What the thread is started with. */
export interface VictoriaStart {
  readonly address: VictoriaAddress;
  readonly installation: string;
  readonly directory: string;
  readonly bufferBytes: number;
  readonly now: number;
  readonly monotonic: number;
}
