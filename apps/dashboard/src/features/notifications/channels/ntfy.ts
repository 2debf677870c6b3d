import { z } from "zod";
import { line, optionalLine, optionalSecret, server, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { basic, bearer, postJson, textOrTitle } from "./requests.ts";

const PRIORITY = { info: 3, warning: 4, critical: 5 } as const;
const TAGS = {
  incident: "rotating_light",
  reminder: "rotating_light",
  recovery: "white_check_mark",
  state: "mag",
  other: "information_source",
};

/** Publish as JSON: https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfy = channelKind({
  kind: "ntfy",
  name: "ntfy",
  settings: z.object({
    server: server({ title: "Server" }, "https://ntfy.sh"),
    topic: line({ title: "Topic" }),
    token: optionalSecret({ title: "Access token" }),
    username: optionalLine({ title: "User", description: "With a password, where there is no token" }),
    password: optionalSecret({ title: "Password" }),
    verify_tls: verifyTls,
  }),
  limit: { title: 250, text: 4000, unit: "bytes" },
  joins: true,
  plain: true,
  via: {
    request({ server: base, topic, token, username, password, verify_tls }, message) {
      const headers = token !== "" ? bearer(token) : username !== "" ? basic(username, password) : {};
      const body = {
        topic,
        title: message.title === "" || message.text === "" ? undefined : message.title,
        message: textOrTitle(message),
        priority: PRIORITY[message.severity],
        tags: [TAGS[message.kind]],
        click: message.link === "" ? undefined : message.link,
      };
      return { ...postJson(`${base}/`, body, headers), verifyTls: verify_tls };
    },
    answer: { reason: ["error"] },
  },
});
