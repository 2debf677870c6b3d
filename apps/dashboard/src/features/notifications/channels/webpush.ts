import { z } from "zod";
import { optionalLine, secret, secretUrl } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { heading } from "./requests.ts";
import { encryptPush, vapidHeader } from "./push-encryption.ts";

const DAY_SECONDS = 86_400;
const URGENCY = { info: "low", warning: "normal", critical: "high" } as const;
const KEY = /^[A-Za-z0-9_-]+$/;
const KEY_SHAPE = "must be base64url";

/** One browser's subscription (RFC 8030, 8188, 8291, 8292). */
export const webpush = channelKind({
  kind: "webpush",
  name: "Web Push",
  settings: z.object({
    endpoint: secretUrl({ title: "Endpoint", description: "Of a browser's subscription" }),
    p256dh: secret({ title: "Public key of the browser", pattern: [KEY, KEY_SHAPE] }),
    auth: secret({ title: "Shared secret of the browser", pattern: [KEY, KEY_SHAPE] }),
    browser: optionalLine({ title: "Browser", description: "To tell one from another" }),
  }),
  limit: { title: 250, text: 2400, unit: "bytes" },
  joins: true,
  plain: false,
  via: {
    request({ endpoint, p256dh, auth }, message, { now, derive, site }) {
      const shown = JSON.stringify({
        title: heading(message),
        body: message.text,
        url: message.link,
        tag: message.event,
        severity: message.severity,
      });
      return {
        method: "POST",
        url: endpoint,
        headers: {
          ttl: String(DAY_SECONDS),
          urgency: URGENCY[message.severity],
          "content-encoding": "aes128gcm",
          "content-type": "application/octet-stream",
          authorization: vapidHeader({ endpoint, now, site }, derive),
        },
        body: encryptPush(shown, { p256dh, auth }),
      };
    },
    // The subscription is gone.
    answer: { reason: ["message", "reason"], final: [404, 410] },
  },
});
