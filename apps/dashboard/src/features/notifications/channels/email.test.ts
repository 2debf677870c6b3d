import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, expect, test } from "vitest";
import { createOutbound } from "#platform/outbound";
import { selfSigned } from "#platform/outbound/testing";
import { createSealing } from "#platform/sealing";
import { attempt } from "../typed/attempt.ts";
import { parseSettings } from "../typed/settings.ts";
import { email } from "./email.ts";
import type { ChannelMessage } from "./kind.ts";

const SECRET = "pa55-word-value";
const MESSAGE: ChannelMessage = {
  title: "[Incident] wéb-1",
  text: "Value: 97 %\n.\nLimit: 90 %",
  severity: "critical",
  kind: "incident",
  link: "",
  event: "alert 3 server 5",
  id: "12.5",
};

let server: Server;
afterEach(() => void server.close());

/** What a mail server says to a command; `undefined` closes the connection. */
type Says = (line: string) => string | undefined;

const friendly: Says = (line) => {
  if (/^EHLO/i.test(line)) return "250-mail.test\r\n250 AUTH PLAIN LOGIN";
  if (/^DATA/i.test(line)) return "354 go on";
  if (/^STARTTLS/i.test(line)) return "502 what?";
  return /^QUIT/i.test(line) ? "221 bye" : "250 fine";
};
const withTls: Says = (line) => {
  if (/^STARTTLS/i.test(line)) return "220 go on";
  return /^EHLO/i.test(line) ? "250-mail.test\r\n250 STARTTLS" : friendly(line);
};

/** A mail server that keeps what it hears; `secure` at the first byte, or after STARTTLS. */
async function listen(says: Says): Promise<{ port: number; heard: string[]; mails: string[]; encrypted: () => boolean }> {
  const heard: string[] = [];
  const mails: string[] = [];
  let encrypted = false;
  const talk = (socket: Socket, tools: Says): void => {
    let [rest, mail] = ["", undefined as string | undefined];
    const line = (text: string): void => {
      heard.push(text);
      if (/^STARTTLS/i.test(text) && tools(text)?.startsWith("220") === true) {
        socket.write("220 go on\r\n");
        socket.removeAllListeners("data");
        encrypted = true;
        talk(
          new TLSSocket(socket, { isServer: true, ...selfSigned }).on("error", () => undefined),
          friendly,
        );
        return;
      }
      const answer = tools(text)?.replace(/^250 fine/, /^AUTH/i.test(text) ? "235 fine" : "250 fine");
      if (answer === undefined) return void socket.destroy();
      if (answer.startsWith("354")) mail = "";
      socket.write(`${answer}\r\n`);
    };
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      rest += bytes.toString();
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const text = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (mail === undefined) line(text);
        else if (text === ".") {
          mails.push(mail);
          mail = undefined;
          line("(end)");
        } else mail += `${text}\n`;
      }
    });
  };
  server = createServer((socket) => {
    socket.write("220 mail.test\r\n");
    talk(socket, says);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, heard, mails, encrypted: () => encrypted };
}

const outbound = createOutbound({
  clock: createFakeClock(),
  limits: { answerBytes: 1_000, totalMs: 30_000, connectMs: 10_000 },
  isAllowed: (address) => address === "127.0.0.1",
  resolve: async () => ["127.0.0.1"],
});
const say = (port: number, over: object = {}, message = MESSAGE) => {
  const { derive } = createSealing(new Uint8Array(32));
  const settings = {
    host: "mail.test",
    port,
    security: "none",
    from: "Windfire <wf@example.org>",
    to: "a@example.org, b@example.org",
    ...over,
  };
  return attempt(email, parseSettings(email, settings), message, { outbound, trusted: false, now: 0, derive, site: "" });
};

test("a mail goes to all of its readers, says what it is, and is the same mail when it is sent again", async () => {
  const { port, heard, mails } = await listen(friendly);
  for (const message of [MESSAGE, MESSAGE, { ...MESSAGE, kind: "recovery", id: "13.5" } as const])
    expect(await say(port, { username: "wf", password: SECRET }, message)).toEqual({ accepted: true });
  expect(heard.filter((line) => line.startsWith("RCPT"))).toContain("RCPT TO:<b@example.org>");
  expect(heard).toContain(`AUTH PLAIN ${Buffer.from(`\0wf\0${SECRET}`).toString("base64")}`);
  const field = (mail: string | undefined, name: string): string => new RegExp(`^${name}: (.*)$`, "mi").exec(mail ?? "")?.[1] ?? "";
  const [first, again, recovery] = mails;
  expect(field(first, "Subject")).toMatch(/^=\?UTF-8\?/);
  expect(first).toContain("Value: 97 %\n..\nLimit: 90 %");
  expect(field(first, "Auto-Submitted")).toBe("auto-generated");
  expect(field(again, "Message-ID")).toBe(field(first, "Message-ID"));
  expect(field(recovery, "Message-ID")).not.toBe(field(first, "Message-ID"));
  expect(field(recovery, "References")).toBe(field(first, "References"));
  expect(field(first, "References")).toMatch(/^<[0-9a-f]{32}@example\.org>$/);
});

test.each([
  ["RCPT", "550 5.1.1 no such user", "no such user"],
  ["(end)", "451 4.7.1 greylisted, come back in 60 seconds", "greylisted"],
  ["AUTH", `535 5.7.8 wrong ${SECRET} or ${Buffer.from(SECRET).toString("base64")}`, "wrong"],
])("the server's words at %s are shown, and never a password", async (command, answer, shown) => {
  const { port } = await listen((line) => (line.startsWith(command) ? answer : friendly(line)));
  const verdict = await say(port, { username: "wf", password: SECRET });
  expect(verdict).toMatchObject({ accepted: false, reason: expect.stringContaining(shown) as string });
  expect(JSON.stringify(verdict)).not.toContain(SECRET);
  expect(JSON.stringify(verdict)).not.toContain(Buffer.from(SECRET).toString("base64"));
});

test("with STARTTLS nothing is said to a server that does not offer it", async () => {
  const { port, heard } = await listen(friendly);
  expect(await say(port, { security: "starttls", username: "wf", password: SECRET })).toMatchObject({
    accepted: false,
    reason: "502 what?",
  });
  expect(heard.join("\n")).not.toMatch(/AUTH|MAIL/);
});

test("a certificate is checked unless the settings say otherwise", async () => {
  const { port, mails, encrypted } = await listen(withTls);
  expect(await say(port, { security: "starttls", username: "wf", password: SECRET })).toMatchObject({
    accepted: false,
    reason: "the mail server's certificate is not trusted, or the connection broke",
  });
  expect(mails).toEqual([]);
  expect(await say(port, { security: "starttls", verify_tls: false })).toEqual({ accepted: true });
  expect([mails.length, encrypted()]).toEqual([1, true]);
});

test("a connection that breaks after the text was written leaves it open whether it arrived", async () => {
  const { port } = await listen((line) => (line === "(end)" ? undefined : friendly(line)));
  expect(await say(port)).toMatchObject({ accepted: false, unsure: true });
});

test("one that breaks before does not, nor does a server that is not there", async () => {
  const { port } = await listen((line) => (line.startsWith("RCPT") ? undefined : friendly(line)));
  expect(await say(port)).toMatchObject({ accepted: false, unsure: false });
  await expect(say(1)).rejects.toMatchObject({ failure: "unreachable" });
});

test("a mail server in a network of our own is refused", async () => {
  const { derive } = createSealing(new Uint8Array(32));
  const strict = createOutbound({ clock: createFakeClock(), limits: { answerBytes: 1, totalMs: 1, connectMs: 1_000 } });
  const settings = parseSettings(email, { host: "127.0.0.1", port: 25, from: "a@b.c", to: "d@e.f" });
  const said = attempt(email, settings, MESSAGE, { outbound: strict, trusted: false, now: 0, derive, site: "" });
  await expect(said).rejects.toMatchObject({ failure: "refused" });
});

test("line breaks in a name of a server make no header", async () => {
  const { port, mails, heard } = await listen(friendly);
  await say(port, {}, { ...MESSAGE, title: "a\r\nBcc: c@example.org\r\n\r\nbody" });
  expect(mails[0]).not.toMatch(/^Bcc:/m);
  expect(heard.join("\n")).not.toContain("c@example.org");
});
