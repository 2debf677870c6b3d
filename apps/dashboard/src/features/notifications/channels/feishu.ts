import { createHmac } from "node:crypto";
import { z } from "zod";
import { optionalSecret, secretUrl } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { codeAt, postJson, wholeText } from "./requests.ts";

const code = codeAt("code");
const TOO_FAST = 11232;

/** Custom bots: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. `<at …>` would call people. */
export const feishu = channelKind({
  kind: "feishu",
  name: "Feishu / Lark",
  settings: z.object({
    url: secretUrl({ title: "Webhook URL", examples: ["https://open.feishu.cn/open-apis/bot/v2/hook/…"] }),
    secret: optionalSecret({ title: "Signing secret", description: "Where the bot wants signatures" }),
  }),
  limit: { text: 15_000, unit: "bytes" },
  joins: true,
  // A signature holds for an hour.
  plain: ({ secret }) => secret === "",
  via: {
    request({ url, secret }, message, { now }) {
      const timestamp = String(Math.floor(now / 1000));
      const sign = createHmac("sha256", `${timestamp}\n${secret}`).digest("base64");
      return postJson(url, {
        ...(secret === "" ? {} : { timestamp, sign }),
        msg_type: "text",
        content: { text: wholeText(message).replaceAll("<at", "<\u200Bat") },
      });
    },
    answer: {
      reason: ["msg"],
      refused: (answer) => code(answer) !== 0,
      waitMs: (answer) => (code(answer) === TOO_FAST ? 60_000 : undefined),
    },
  },
});
