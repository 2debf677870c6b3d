import { createHmac } from "node:crypto";
import { z } from "zod";
import { optionalSecret, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { codeAt, postJson, wholeText } from "./requests.ts";

const code = codeAt("errcode");
/** More than 20 messages in a minute: nothing is taken for a while. */
const TOO_FAST = new Set([130101, 90030]);

/** Custom robots: https://open.dingtalk.com/document/robots/custom-robot-access */
export const dingtalk = channelKind({
  kind: "dingtalk",
  name: "DingTalk",
  settings: z.object({
    token: secret({ title: "Access token", description: "What follows access_token= in the webhook's URL" }),
    secret: optionalSecret({ title: "Signing secret", description: "Where the robot wants signatures; begins with SEC" }),
  }),
  limit: { text: 18_000, unit: "bytes" },
  joins: true,
  // A signature holds for an hour.
  plain: ({ secret: key }) => key === "",
  via: {
    request({ token, secret: key }, message, { now }) {
      const url = new URL("https://oapi.dingtalk.com/robot/send");
      url.searchParams.set("access_token", token);
      if (key !== "") {
        url.searchParams.set("timestamp", String(now));
        url.searchParams.set("sign", createHmac("sha256", key).update(`${now}\n${key}`).digest("base64"));
      }
      return postJson(url.href, { msgtype: "text", text: { content: wholeText(message) } });
    },
    answer: {
      reason: ["errmsg"],
      refused: (answer) => code(answer) !== 0,
      waitMs: (answer) => (TOO_FAST.has(code(answer)) ? 60_000 : undefined),
    },
  },
});
