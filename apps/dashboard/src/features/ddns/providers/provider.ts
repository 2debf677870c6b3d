import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";
import type { DdnsProfile } from "../model.ts";

/** One record of a domain. */
export interface RecordName {
  /** The whole name, without a dot at its end. */
  readonly domain: string;
  /** The zone it lies in. */
  readonly zone: string;
  /** What is before the zone; "" at its apex. */
  readonly prefix: string;
  readonly type: "A" | "AAAA";
}

/** What a provider works with. Credentials are those of the profile as it is now. */
export interface ProviderCall {
  readonly profile: Readonly<Pick<DdnsProfile, "accessId" | "accessSecret">> & WebhookFields;
  readonly record: RecordName;
  /** The one client; fails with `OutboundError`. */
  readonly send: (request: Omit<OutboundRequest, "signal">) => Promise<OutboundAnswer>;
  /** Unix milliseconds. */
  readonly now: () => number;
}

type WebhookFields = Readonly<
  Pick<DdnsProfile, "webhookUrl" | "webhookMethod" | "webhookRequestType" | "webhookRequestBody" | "webhookHeaders">
>;

/** Seconds that others may keep an answer. */
export const TTL_SECONDS = 60;

/** A service that keeps records (spec 30 section 5.5). Each call is repeatable, and throws `ProviderFailure` when it is refused. */
export interface Provider {
  /** Makes the record, or changes it. */
  readonly set: (call: ProviderCall, address: string) => Promise<void>;
  /** Takes the record away, whatever its value; none is fine. Absent where the service cannot do it. */
  readonly remove?: (call: ProviderCall) => Promise<void>;
  /** Least time between two calls of one profile. */
  readonly pauseMs?: number;
}

/** A service said no. The message is shown; credentials are taken out of it before. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  /** Not before that time has passed, where the service said so. */
  readonly afterMs: number | undefined;
  /** No further try can heal it. */
  readonly final: boolean;

  constructor(message: string, options: { afterMs?: number | undefined; final?: boolean } = {}) {
    super(message);
    this.afterMs = options.afterMs;
    this.final = options.final ?? false;
  }
}
