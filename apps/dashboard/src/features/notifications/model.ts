import { refuseText } from "#kernel";
import { originOf } from "#platform/outbound";
import type { Settings } from "./typed/settings.ts";
import type { StoredOptions } from "./typed/options.ts";

/** A channel of a kind that this program knows how to speak to. */
export interface TypedChannel {
  readonly kind: string;
  /** What may be shown of its settings. */
  readonly settings: Settings;
  /** The rest. */
  readonly sealed: string;
  /** The row was changed by somebody who knows nothing of kinds: it is a plain webhook now. */
  readonly editedElsewhere: boolean;
}

/** A notification channel: an HTTP request made of templates (spec 30 section 3.1). URL, header and body are secrets. */
export interface Channel {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  readonly url: string;
  /** 1 GET, 2 POST; any other number fails at sending. */
  readonly requestMethod: number;
  /** 1 JSON, 2 form; looked at for POST only. */
  readonly requestType: number;
  readonly requestHeader: string;
  readonly requestBody: string;
  readonly verifyTls: boolean | null;
  /** Human-readable sizes and percentages in placeholders. */
  readonly formatMetricUnits: boolean | null;
  /** `undefined`: it was always a plain webhook. */
  readonly typed: TypedChannel | undefined;
  readonly options: StoredOptions;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type ChannelSettings = Omit<Channel, "id" | "ownerId" | "typed" | "options" | "createdAt" | "updatedAt">;

/** Which kind a channel is spoken to as; "" for a plain webhook, and for what became one because it was edited elsewhere. */
export function kindOf({ typed }: Pick<Channel, "typed">): string {
  return typed === undefined || typed.editedElsewhere ? "" : typed.kind;
}

/**
 * What is stored when a form is saved over a channel: secrets left empty keep what is there (spec 11 section 6.3), but never follow the
 * address to another host.
 *
 * @throws {AppError} naming the field that has to be entered again
 */
export function mergeSecrets(stored: Pick<Channel, "url" | "requestHeader" | "requestBody">, form: ChannelSettings): ChannelSettings {
  const url = form.url || stored.url;
  if (originOf(url) !== originOf(stored.url)) {
    for (const [field, before, now] of [
      ["request_header", stored.requestHeader, form.requestHeader],
      ["request_body", stored.requestBody, form.requestBody],
    ] as const) {
      if (before !== "" && now === "") throw refuseText(`${field}: enter it again, because url names another host`);
    }
  }
  return { ...form, url, requestHeader: form.requestHeader || stored.requestHeader, requestBody: form.requestBody || stored.requestBody };
}
