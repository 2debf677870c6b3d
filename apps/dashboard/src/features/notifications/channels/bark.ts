import { z } from "zod";
import { secret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { at, heading, postJson, textOrTitle } from "./requests.ts";

const LEVEL = { info: "passive", warning: "active", critical: "timeSensitive" } as const;

/** `POST /push` of API V2: https://github.com/Finb/bark-server/blob/master/docs/API_V2.md */
export const bark = channelKind({
  kind: "bark",
  name: "Bark",
  settings: z.object({
    server: server({ title: "Server" }, "https://api.day.app"),
    device_key: secret({ title: "Key of the device" }),
    verify_tls: verifyTls,
  }),
  limit: { title: 250, text: 2800, unit: "bytes" },
  joins: true,
  plain: true,
  via: {
    request: ({ server: base, device_key, verify_tls }, message) => ({
      ...postJson(`${base}/push`, {
        device_key,
        title: heading(message),
        body: textOrTitle(message),
        level: LEVEL[message.severity],
        group: "Windfire",
        url: message.link === "" ? undefined : message.link,
      }),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["message"], refused: ({ json }) => Number(at(json, "code") ?? 200) !== 200 },
  },
});
