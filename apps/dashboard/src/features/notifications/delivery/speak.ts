import type { Clock } from "@windfire/kit";
import { retryAfterHeader } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";
import type { Sealing } from "#platform/sealing";
import type { ChannelKind, Verdict } from "../channels/kind.ts";
import type { ChannelSettings } from "../model.ts";
import { attempt } from "../typed/attempt.ts";
import type { ChannelOptions } from "../typed/options.ts";
import type { Settings } from "../typed/settings.ts";
import { composeMessage } from "../typed/texts.ts";
import type { TextDeps, Told } from "../typed/texts.ts";
import { placeholderValues } from "./placeholders.ts";
import { buildRequest } from "./request.ts";

/** A channel with all that is needed to speak through it: a plain webhook, or one of a kind with its settings. */
export interface Spoken {
  readonly ownerId: number;
  readonly options: Pick<ChannelOptions, "title" | "body">;
  readonly by:
    | { readonly raw: ChannelSettings }
    | { readonly kind: ChannelKind; readonly settings: Settings; readonly humanUnits: boolean };
}

export interface SpeakDeps extends TextDeps {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly sealing: Pick<Sealing, "derive">;
  /** Whose channels may go where the configuration allows. */
  readonly ownsEverything: (userId: number) => boolean;
}

/** A raw webhook takes any length; what is gathered for it is bounded all the same. */
const RAW_LIMIT = { text: 60_000 };

/** Puts messages into words and says them through channels of all kinds. Fails with `OutboundError` when there is no whole answer. */
export type SpeakTo = (channel: Spoken, told: readonly Told[], signal?: AbortSignal) => Promise<Verdict>;

/** See {@link SpeakTo}. */
export function createSpeaking(deps: SpeakDeps): SpeakTo {
  const { clock, outbound, sealing, ownsEverything } = deps;
  return async (channel, told, signal) => {
    const trusted = ownsEverything(channel.ownerId);
    const now = clock.now();
    const rest = signal === undefined ? {} : { signal };
    if ("raw" in channel.by) return sendRaw(channel.by.raw, told, trusted, rest);
    const { kind, settings, humanUnits } = channel.by;
    const message = composeMessage(told, { limit: kind.limit, options: channel.options, humanUnits, now }, deps);
    return attempt(kind, settings, message, { outbound, trusted, now, derive: sealing.derive, site: deps.site(), ...rest });
  };

  async function sendRaw(raw: ChannelSettings, told: readonly Told[], trusted: boolean, rest: { signal?: AbortSignal }): Promise<Verdict> {
    const now = clock.now();
    const humanUnits = raw.formatMetricUnits ?? false;
    const [only] = told.length === 1 ? told : [];
    const { title, text } = only
      ? { title: "", text: only.notice.text }
      : composeMessage(told, { limit: RAW_LIMIT, options: { title: "", body: "" }, humanUnits, now }, deps);
    const said = title === "" ? text : `${title}\n${text}`;
    const server = only?.notice.serverId === undefined ? undefined : deps.server(only.notice.serverId);
    const values = placeholderValues(said, deps.formatDateTime(now), server, humanUnits);
    const answer = await outbound.send({ ...buildRequest(raw, values), verifyTls: raw.verifyTls ?? false, trusted, ...rest });
    const { status, reason, retryAfter } = answer;
    if (status >= 200 && status <= 299) return { accepted: true };
    const afterMs = status === 429 || status === 503 ? retryAfterHeader(retryAfter, now) : undefined;
    return { accepted: false, reason: `${status}@${status} ${reason}`, ...(afterMs === undefined ? {} : { afterMs }) };
  }
}
