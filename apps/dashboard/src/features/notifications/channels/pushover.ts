import { z } from "zod";
import { flag, optionalLine, secret } from "./fields.ts";
import type { NoticeKind } from "../delivery/notice.ts";
import { channelKind } from "./kind.ts";
import { heading, postJson, textOrTitle } from "./requests.ts";

const PRIORITY = { info: -1, warning: 0, critical: 1 } as const;
/** Sounds until somebody acknowledges it. */
const EMERGENCY = { priority: 2, retry: 60, expire: 3600 };

/** A service that is down has states, not incidents. */
const BEGINNINGS: ReadonlySet<NoticeKind> = new Set(["incident", "state"]);

/** Messages API: https://pushover.net/api */
export const pushover = channelKind({
  kind: "pushover",
  name: "Pushover",
  settings: z.object({
    token: secret({ title: "Token of the application" }),
    user: secret({ title: "Key of the user or group" }),
    device: optionalLine({ title: "Device", description: "Empty: all" }),
    emergency: flag({ title: "Repeat critical incidents until acknowledged" }),
  }),
  limit: { title: 250, text: 1024 },
  joins: true,
  plain: true,
  via: {
    request: ({ token, user, device, emergency }, message) =>
      postJson("https://api.pushover.net/1/messages.json", {
        token,
        user,
        device: device === "" ? undefined : device,
        title: heading(message),
        message: textOrTitle(message),
        ...(emergency && message.severity === "critical" && BEGINNINGS.has(message.kind)
          ? EMERGENCY
          : { priority: PRIORITY[message.severity] }),
        url: message.link === "" ? undefined : message.link,
      }),
    answer: { reason: ["errors.0"] },
  },
});
