import { createHash } from "node:crypto";
import { z } from "zod";
import { choice, line, listOf, optionalLine, optionalSecret, verifyTls } from "./fields.ts";
import { channelKind } from "./kind.ts";
import type { ChannelMessage, SenderTools, Verdict } from "./kind.ts";
import { heading, textOrTitle } from "./requests.ts";
import { sendMail } from "./smtp.ts";

/** Of a channel of this kind. */
export const EmailSettings = z.object({
  host: line({ title: "Server", examples: ["smtp.example.org"] }).meta({ address: true }),
  port: z.int().min(1).max(65_535).default(587).meta({ title: "Port", description: "587 with STARTTLS, 465 with TLS" }),
  security: choice({ title: "Encryption" }, ["starttls", "tls", "none"], "starttls"),
  username: optionalLine({ title: "User" }),
  password: optionalSecret({ title: "Password" }),
  from: line({ title: "From", examples: ["Windfire <alerts@example.org>"] }),
  to: line({ title: "To", description: "Addresses with commas between" }),
  verify_tls: verifyTls,
});

/** The same name for all that is said of one event: mail programs show it as one conversation. */
function named(event: string, from: string): string {
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? "windfire.invalid";
  return `<${createHash("sha256").update(event).digest("hex").slice(0, 32)}@${domain}>`;
}

/** A plain text by SMTP; a repeated one has the same Message-ID. */
async function send(to: z.output<typeof EmailSettings>, message: ChannelMessage, tools: SenderTools): Promise<Verdict> {
  const thread = message.event === "" ? {} : { references: named(`event ${message.event}`, to.from) };
  const mail = {
    from: to.from,
    to: listOf(to.to),
    subject: heading(message),
    text: textOrTitle(message),
    messageId: named(`message ${message.id}`, to.from),
    ...thread,
    headers: { "auto-submitted": "auto-generated", ...(message.severity === "critical" ? { "x-priority": "1" } : {}) },
  };
  return sendMail({ ...to, verifyTls: to.verify_tls }, mail, tools);
}

export const email = channelKind({
  kind: "email",
  name: "E-mail",
  settings: EmailSettings,
  limit: { title: 200, text: 60_000 },
  joins: true,
  plain: false,
  via: { send },
});
