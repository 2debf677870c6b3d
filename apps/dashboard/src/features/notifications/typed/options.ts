import type { Severity } from "../delivery/notice.ts";

/** How messages go through a channel, whatever its kind. */
export interface ChannelOptions {
  /** Less urgent messages are left out. */
  readonly leastSeverity: Severity;
  /** Messages of so many seconds go out as one; 0: each by itself. */
  readonly groupSeconds: number;
  /** What comes faster is gathered into fewer messages; 0: no limit. */
  readonly perMinute: number;
  /** Templates; "" is the usual text. */
  readonly title: string;
  readonly body: string;
}

/** As they are stored: what nobody has said is not there. */
export type StoredOptions = Partial<ChannelOptions>;

const TYPED: ChannelOptions = { leastSeverity: "info", groupSeconds: 10, perMinute: 20, title: "", body: "" };
/** Services that count incidents by themselves get each one. */
const TYPED_ALONE: ChannelOptions = { ...TYPED, groupSeconds: 0, perMinute: 0 };
/** Webhooks go on as they did before there were options. */
const RAW: ChannelOptions = { ...TYPED_ALONE };

/** What holds for a channel. */
export function optionsOf(stored: StoredOptions, kind: { readonly joins: boolean } | undefined): ChannelOptions {
  if (kind === undefined) return { ...RAW, ...stored };
  return kind.joins ? { ...TYPED, ...stored } : { ...TYPED_ALONE, ...stored, groupSeconds: 0 };
}
