import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** A mail server on loopback that takes everything. */
export interface Mailbox {
  readonly port: number;
  /** Mails so far, as they came, lines joined that were folded or broken for the way. */
  mails(): readonly string[];
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    converse(socket, (mail) => mails.push(mail));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    mails: () => mails,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** As much of RFC 5321 as a sender needs. */
function converse(socket: Socket, take: (mail: string) => void): void {
  let waiting = "";
  let mail: string[] | undefined;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const hear = (line: string): void => {
    if (mail !== undefined) {
      if (line !== ".") return void mail.push(line);
      take(whole(mail));
      mail = undefined;
      return say("250 taken");
    }
    if (/^EHLO/i.test(line)) return say("250 mailbox");
    if (/^QUIT/i.test(line)) return void socket.end("221 bye\r\n");
    if (!/^DATA/i.test(line)) return say("250 ok");
    mail = [];
    say("354 go on");
  };
  say("220 mailbox");
  socket.on("error", () => undefined);
  socket.setEncoding("utf8").on("data", (text: string) => {
    const lines = (waiting + text).split("\r\n");
    waiting = lines.pop() ?? "";
    lines.forEach(hear);
  });
}

function whole(lines: readonly string[]): string {
  return lines
    .join("\n")
    .replaceAll("=\n", "")
    .replaceAll(/\n[ \t]+/g, " ")
    .replaceAll(/=([0-9A-F]{2})/g, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
