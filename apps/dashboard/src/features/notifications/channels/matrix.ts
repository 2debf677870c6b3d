import { z } from "zod";
import { line, secret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { at, bearer, wholeText } from "./requests.ts";
import type { ServiceAnswer } from "./kind.ts";

function milliseconds({ json }: ServiceAnswer): number | undefined {
  const wait = at(json, "retry_after_ms");
  return typeof wait === "number" ? wait : undefined;
}

/** Client-server API, send an event: a repeated transaction is taken once. https://spec.matrix.org/latest/client-server-api/ */
export const matrix = channelKind({
  kind: "matrix",
  name: "Matrix",
  settings: z.object({
    server: server({ title: "Home server", examples: ["https://matrix.example.org"] }),
    room: line({ title: "Room", description: "Its internal id", examples: ["!abc:example.org"] }),
    token: secret({ title: "Access token" }),
    verify_tls: verifyTls,
  }),
  limit: { text: 40_000, unit: "bytes" },
  joins: true,
  plain: false,
  via: {
    request: ({ server: base, room, token, verify_tls }, message) => ({
      method: "PUT",
      url: `${base}/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${encodeURIComponent(message.id)}`,
      headers: { "content-type": "application/json", ...bearer(token) },
      // Without mentions of its own a text may call people whose names it holds.
      body: JSON.stringify({ msgtype: "m.text", body: wholeText(message), "m.mentions": {} }),
      verifyTls: verify_tls,
    }),
    answer: { reason: ["error"], waitMs: milliseconds },
  },
});
