import { z } from "zod";
import { choice, line, listOf, optionalLine, secret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { basic, postForm, secondsAt, wholeText, withoutMentions } from "./requests.ts";

const TOPIC_LENGTH = 60;

/** Send a message: https://zulip.com/api/send-message */
export const zulip = channelKind({
  kind: "zulip",
  name: "Zulip",
  settings: z.object({
    server: server({ title: "Organisation", examples: ["https://example.zulipchat.com"] }),
    bot: line({ title: "E-mail address of the bot" }),
    key: secret({ title: "API key of the bot" }),
    type: choice({ title: "Kind of message" }, ["stream", "direct"], "stream"),
    to: line({ title: "To", description: "Name of a channel, or e-mail addresses with commas between" }),
    topic: optionalLine({ title: "Topic", description: "Of a channel; empty: Windfire" }),
    verify_tls: verifyTls,
  }),
  limit: { text: 9500 },
  joins: true,
  plain: true,
  via: {
    request({ server: base, bot, key, type, to, topic, verify_tls }, message) {
      const where: Record<string, string> =
        type === "stream"
          ? { type, to, topic: (topic === "" ? "Windfire" : topic).slice(0, TOPIC_LENGTH) }
          : { type, to: JSON.stringify(listOf(to)) };
      const fields = { ...where, content: withoutMentions(wholeText(message)) };
      return { ...postForm(`${base}/api/v1/messages`, fields, basic(bot, key)), verifyTls: verify_tls };
    },
    answer: { reason: ["msg"], waitMs: secondsAt("retry-after") },
  },
});
