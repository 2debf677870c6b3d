import { z } from "zod";
import { secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { codeAt, postJson, wholeText } from "./requests.ts";

const code = codeAt("errcode");
/** More than 20 messages in a minute. */
const TOO_FAST = new Set([45009, 45033]);

/** Group robots: https://developer.work.weixin.qq.com/document/path/91770 */
export const wecom = channelKind({
  kind: "wecom",
  name: "WeCom",
  settings: z.object({ key: secret({ title: "Key", description: "What follows key= in the webhook's URL" }) }),
  limit: { text: 2048, unit: "bytes" },
  joins: true,
  plain: true,
  via: {
    request({ key }, message) {
      const url = new URL("https://qyapi.weixin.qq.com/cgi-bin/webhook/send");
      url.searchParams.set("key", key);
      return postJson(url.href, { msgtype: "text", text: { content: wholeText(message) } });
    },
    answer: {
      reason: ["errmsg"],
      refused: (answer) => code(answer) !== 0,
      waitMs: (answer) => (TOO_FAST.has(code(answer)) ? 60_000 : undefined),
    },
  },
});
