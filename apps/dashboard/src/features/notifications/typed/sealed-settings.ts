import { refuseText } from "#kernel";
import type { Sealing } from "#platform/sealing";
import { kindNamed } from "../channels/registry.ts";
import type { ChannelKind } from "../channels/kind.ts";
import type { Spoken } from "../delivery/speak.ts";
import { kindOf } from "../model.ts";
import type { Channel, TypedChannel } from "../model.ts";
import { optionsOf } from "./options.ts";
import { parseSettings, splitSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

/** Where the secrets of a channel may be opened. */
function placeOf(channelId: number): string {
  return `channel ${channelId}`;
}

/** A typed channel's settings as they are stored: what may be shown as it is, the rest sealed. */
export function sealSettings(
  sealing: Sealing,
  channelId: number,
  kind: ChannelKind,
  settings: Settings,
): { settings: Settings; sealed: string } {
  const { open, secrets } = splitSettings(kind, settings);
  return { settings: open, sealed: sealing.seal(JSON.stringify(secrets), placeOf(channelId)) };
}

/** The secrets of a channel; `undefined` when they were sealed with another key. */
export function openSecrets(sealing: Sealing, channelId: number, typed: TypedChannel): Settings | undefined {
  const text = sealing.open(typed.sealed, placeOf(channelId));
  return text === undefined ? undefined : (JSON.parse(text) as Settings);
}

/**
 * A channel as it is spoken through.
 *
 * @throws {AppError} when this version does not know its kind, or its secrets were sealed with another key
 */
export function spokenOf(sealing: Sealing, channel: Channel): Spoken {
  const { id, ownerId, typed } = channel;
  const isKind = kindOf(channel) !== "" && typed !== undefined;
  const kind = isKind ? kindNamed(typed.kind) : undefined;
  const options = optionsOf(channel.options, kind);
  if (!isKind) return { ownerId, options, by: { raw: channel } };
  if (kind === undefined) throw refuseText(`this version knows no kind of channel ${typed.kind}`);
  const secrets = openSecrets(sealing, id, typed);
  if (secrets === undefined) throw refuseText("its secrets were stored with another windfire.key: enter them again");
  // An older version may have stored what is not enough any more.
  const settings = parseSettings(kind, { ...typed.settings, ...secrets });
  return { ownerId, options, by: { kind, settings, humanUnits: channel.formatMetricUnits ?? true } };
}
