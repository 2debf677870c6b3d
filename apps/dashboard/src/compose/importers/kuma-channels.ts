import type { Item } from "../as-code/json.ts";
import { text } from "./rows.ts";

type Settings = Readonly<Record<string, unknown>>;

/** Channels of Uptime Kuma that have a kind here, and where their settings go. */
const CHANNELS: Readonly<Record<string, (from: Settings) => Item | undefined>> = {
  telegram: (from) => ({ kind: "telegram", settings: { token: text(from["telegramBotToken"]), chat_id: text(from["telegramChatID"]) } }),
  ntfy: (from) =>
    from["ntfyAuthenticationMethod"] === "none" || from["ntfyAuthenticationMethod"] === undefined
      ? { kind: "ntfy", settings: { server: text(from["ntfyserverurl"]), topic: text(from["ntfytopic"]) } }
      : undefined,
  discord: (from) => ({ kind: "discord", settings: { url: text(from["discordWebhookUrl"]) } }),
  slack: (from) => ({ kind: "slack", settings: { url: text(from["slackwebhookURL"]) } }),
  gotify: (from) => ({ kind: "gotify", settings: { server: text(from["gotifyserverurl"]), token: text(from["gotifyapplicationToken"]) } }),
  webhook: (from) => ({
    url: text(from["webhookURL"]),
    request_method: 2,
    request_type: 1,
    request_body: '{"msg":"#NEZHA#"}',
    verify_tls: true,
  }),
};

/** A channel as it stands in a document; `undefined` for kinds that are entered anew. */
export function channelOf(type: string, settings: Settings): Item | undefined {
  return CHANNELS[type]?.(settings);
}
