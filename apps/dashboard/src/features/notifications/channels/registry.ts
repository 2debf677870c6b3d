import { apprise } from "./apprise.ts";
import { bark } from "./bark.ts";
import { dingtalk } from "./dingtalk.ts";
import { discord } from "./discord.ts";
import { email } from "./email.ts";
import { feishu } from "./feishu.ts";
import { googlechat } from "./googlechat.ts";
import { gotify } from "./gotify.ts";
import { homeassistant } from "./homeassistant.ts";
import type { ChannelKind } from "./kind.ts";
import { line } from "./line.ts";
import { matrix } from "./matrix.ts";
import { mattermost } from "./mattermost.ts";
import { ntfy } from "./ntfy.ts";
import { opsgenie } from "./opsgenie.ts";
import { pagerduty } from "./pagerduty.ts";
import { pushbullet } from "./pushbullet.ts";
import { pushover } from "./pushover.ts";
import { rocketchat } from "./rocketchat.ts";
import { serverchan } from "./serverchan.ts";
import { signal } from "./signal.ts";
import { slack } from "./slack.ts";
import { teams } from "./teams.ts";
import { telegram } from "./telegram.ts";
import { twilio } from "./twilio.ts";
import { webex } from "./webex.ts";
import { webhook } from "./webhook.ts";
import { webpush } from "./webpush.ts";
import { wecom } from "./wecom.ts";
import { zulip } from "./zulip.ts";

/** Every kind of channel, in the order in which they are offered. */
export const CHANNEL_KINDS: readonly ChannelKind[] = [
  email,
  telegram,
  discord,
  slack,
  ntfy,
  gotify,
  pushover,
  mattermost,
  rocketchat,
  teams,
  googlechat,
  dingtalk,
  feishu,
  wecom,
  bark,
  serverchan,
  pushbullet,
  matrix,
  pagerduty,
  opsgenie,
  line,
  signal,
  twilio,
  zulip,
  webex,
  homeassistant,
  apprise,
  webpush,
  webhook,
];

const byName = new Map(CHANNEL_KINDS.map((kind) => [kind.kind, kind]));

/** A kind by its stored name; `undefined` for one that this version does not know. */
export function kindNamed(name: string): ChannelKind | undefined {
  return byName.get(name);
}
