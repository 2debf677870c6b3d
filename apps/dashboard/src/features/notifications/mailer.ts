import type { Outbound } from "#platform/outbound";
import { EmailSettings } from "./channels/email.ts";
import { sendMail } from "./channels/smtp.ts";
import type { Mail } from "./channels/smtp.ts";
import type { Verdict } from "./channels/kind.ts";
import type { Spoken } from "./delivery/speak.ts";
import { kindOf } from "./model.ts";
import type { Channel } from "./model.ts";
import type { ChannelRecords } from "./store.ts";
import { redact } from "./typed/redact.ts";

/** A mail that goes to one address of its own, through the server of an e-mail channel. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same at every attempt. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came of it; `noMailbox`: the server says for good that the address takes no mail. */
export type Posted = Verdict & { readonly noMailbox?: boolean };

export interface MailerDeps {
  readonly channels: Pick<ChannelRecords, "get">;
  /** Throws an `AppError` when the channel cannot be spoken through. */
  readonly spokenOf: (channel: Channel) => Spoken;
  readonly outbound: Pick<Outbound, "connect">;
  readonly ownsEverything: (userId: number) => boolean;
}

/** Sends mail of other rooms through channels of the kind e-mail. */
export function createMailer({ channels, spokenOf, outbound, ownsEverything }: MailerDeps) {
  const mailChannel = (id: number): Channel | undefined => {
    const channel = channels.get(id);
    return channel && kindOf(channel) === "email" ? channel : undefined;
  };
  return {
    isMailChannel: (id: number): boolean => mailChannel(id) !== undefined,
    /** `undefined`: there is no such channel (any more). Fails with `OutboundError` when there is no connection. */
    async post(channelId: number, letter: Letter, signal: AbortSignal): Promise<Posted | undefined> {
      const channel = mailChannel(channelId);
      const spoken = channel && spokenOf(channel);
      if (spoken === undefined || "raw" in spoken.by) return undefined;
      const settings = EmailSettings.parse(spoken.by.settings);
      const domain = /@([\w.-]+)/.exec(settings.from)?.[1] ?? "windfire.invalid";
      const mail: Mail = {
        from: settings.from,
        to: [letter.to],
        subject: letter.subject,
        text: letter.text,
        messageId: `<${letter.id}@${domain}>`,
        headers: { "auto-submitted": "auto-generated", precedence: "bulk", ...letter.headers },
      };
      const trusted = ownsEverything(spoken.ownerId);
      const verdict = await sendMail({ ...settings, verifyTls: settings.verify_tls }, mail, { connect: outbound.connect, trusted, signal });
      if (verdict.accepted) return verdict;
      const reason = redact(
        verdict.reason,
        [settings.password].filter((secret) => secret !== ""),
      );
      return { ...verdict, reason };
    },
  };
}

export type Mailer = ReturnType<typeof createMailer>;
