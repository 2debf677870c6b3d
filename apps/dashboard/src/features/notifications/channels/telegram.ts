import { z } from "zod";
import { flag, line, optionalLine, secret, server } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { postJson, secondsAt, wholeText } from "./requests.ts";

/** Bot API, `sendMessage`: https://core.telegram.org/bots/api#sendmessage */
export const telegram = channelKind({
  kind: "telegram",
  name: "Telegram",
  settings: z.object({
    token: secret({ title: "Bot token", description: "From @BotFather" }),
    chat_id: line({ title: "Chat", description: "Id of a person, group or channel, or @name of a channel", examples: ["-1001234567890"] }),
    thread_id: optionalLine({
      title: "Topic",
      description: "Number of a topic in a group that has some",
      pattern: [/^\d*$/, "must be a number"],
    }),
    silent: flag({ title: "Without a sound" }),
    server: server({ title: "Bot API server" }, "https://api.telegram.org"),
  }),
  limit: { text: 4096 },
  joins: true,
  plain: true,
  via: {
    request: ({ token, chat_id, thread_id, silent, server: base }, message) =>
      postJson(`${base}/bot${token}/sendMessage`, {
        chat_id,
        message_thread_id: thread_id === "" ? undefined : Number(thread_id),
        text: wholeText(message),
        disable_notification: silent,
        link_preview_options: { is_disabled: true },
      }),
    answer: { reason: ["description"], waitMs: secondsAt("parameters.retry_after") },
  },
});
