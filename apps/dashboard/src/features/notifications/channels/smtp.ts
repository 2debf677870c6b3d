import { OutboundError } from "#platform/outbound";
import type { SenderTools, Verdict } from "./kind.ts";

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: "starttls" | "tls" | "none";
  readonly username: string;
  readonly password: string;
  readonly verifyTls: boolean;
}

export interface Mail {
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly references?: string;
  readonly headers: Record<string, string>;
}

const GREETING_MS = 10_000;
const SILENCE_MS = 25_000;

/**
 * Hands a mail to a server over a connection that the outbound rule let through. With `starttls` nothing is said unencrypted but the
 * greeting: a server that does not offer it is refused.
 */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  { connect, trusted, signal }: SenderTools,
): Promise<Verdict & { readonly noMailbox?: boolean }> {
  const { host, port, security, username, password, verifyTls } = server;
  const socket = await connect({ host, port, trusted, ...(signal === undefined ? {} : { signal }) });
  // The library is loaded when the first mail is sent.
  const { createTransport } = await import("nodemailer");
  let asked = "";
  const transport = createTransport({
    // What it would log is the only way to know how far it came; nothing of it goes anywhere.
    transactionLog: true,
    logger: { ...SILENT, debug: (entry: unknown, text: unknown) => void (isCommand(entry) && (asked = String(text))) },
    host,
    port,
    connection: socket,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: { servername: host, rejectUnauthorized: verifyTls },
    ...(username === "" ? {} : { auth: { user: username, pass: password } }),
    greetingTimeout: GREETING_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const abort = (): void => void socket.destroy();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await transport.sendMail(mail);
    return { accepted: true };
  } catch (error) {
    return refusalOf(error, asked === "DATA");
  } finally {
    signal?.removeEventListener("abort", abort);
    transport.close();
    socket.destroy();
  }
}

const nothing = (): void => undefined;
const SILENT = { level: nothing, trace: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing };

function isCommand(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && Reflect.get(entry, "tnx") === "client";
}

/** What the server said, or that the connection ended. When that was after the text began nobody knows whether it arrived. */
function refusalOf(error: unknown, unsure: boolean): Verdict & { readonly noMailbox?: boolean } {
  if (error instanceof OutboundError) throw error;
  const { response, code } = facts(error);
  // RFC 5321: 550, 551 and 553 to a recipient are for good and about the mailbox; so is 5.1.x of RFC 3463.
  const noMailbox = code === "EENVELOPE" && /^55[0135]\b/.test(response) && !/^55\d[ -]5\.7\./.test(response);
  if (response !== "") return { accepted: false, reason: response, ...(noMailbox ? { noMailbox } : {}) };
  return { accepted: false, reason: REASONS[code] ?? `the mail server gave no answer (${code})`, unsure };
}

/** What the library's codes mean where the server itself said nothing. */
const REASONS: Readonly<Record<string, string>> = {
  ETLS: "the mail server offers no encrypted connection",
  EAUTH: "the mail server did not let us sign in",
  EENVELOPE: "the sender or a recipient is no e-mail address",
  ESOCKET: "the mail server's certificate is not trusted, or the connection broke",
  ETIMEDOUT: "the mail server gave no answer in time",
  ECONNECTION: "the mail server broke the connection off",
};

function facts(error: unknown): { response: string; code: string } {
  const read = (name: string): string => {
    const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  return { response: read("response"), code: read("code") };
}
