import { z } from "zod";
import { secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { codeAt, heading, postJson, textOrTitle } from "./requests.ts";

const code = codeAt("code");

/** Keys of the third generation name their own host; older ones belong to Turbo. */
function addressOf(key: string): string {
  const uid = /^sctp(\d+)t/.exec(key)?.[1];
  return uid === undefined ? `https://sctapi.ftqq.com/${key}.send` : `https://${uid}.push.ft07.com/send/${key}.send`;
}

/** https://doc.sc3.ft07.com/serverchan3/server/api and https://sct.ftqq.com */
export const serverchan = channelKind({
  kind: "serverchan",
  name: "ServerChan",
  settings: z.object({
    sendkey: secret({ title: "SendKey", pattern: [/^[\w-]+$/, "must be letters and digits"] }),
  }),
  limit: { title: 32, text: 30_000, unit: "bytes" },
  joins: true,
  plain: true,
  via: {
    request: ({ sendkey }, message) => postJson(addressOf(sendkey), { title: heading(message), desp: textOrTitle(message) }),
    answer: { reason: ["message", "error"], refused: (answer) => code(answer) !== 0 },
  },
});
