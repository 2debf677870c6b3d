import { z } from "zod";
import { optionalLine, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { heading, postJson } from "./requests.ts";

/** Create Push: https://docs.pushbullet.com/#create-push. The guid lets a repeated push be taken once. */
export const pushbullet = channelKind({
  kind: "pushbullet",
  name: "Pushbullet",
  settings: z.object({
    token: secret({ title: "Access token" }),
    device: optionalLine({ title: "Device", description: "Its identifier; empty: all" }),
    channel: optionalLine({ title: "Channel tag" }),
  }),
  limit: { title: 250, text: 8000 },
  joins: true,
  plain: true,
  via: {
    request: ({ token, device, channel }, message) =>
      postJson(
        "https://api.pushbullet.com/v2/pushes",
        {
          type: message.link === "" ? "note" : "link",
          title: heading(message),
          body: message.text,
          url: message.link === "" ? undefined : message.link,
          device_iden: device === "" ? undefined : device,
          channel_tag: channel === "" ? undefined : channel,
          guid: message.id === "" ? undefined : message.id,
        },
        { "access-token": token },
      ),
    answer: { reason: ["error.message"] },
  },
});
