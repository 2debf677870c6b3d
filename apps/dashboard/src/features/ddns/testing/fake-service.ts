import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@windfire/kit";
import { createOutbound } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";

/** A request as a service got it. */
export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

/** A provider's service on this machine. Whatever goes to `origin` reaches it, over real sockets and the real client. */
export interface FakeService {
  readonly outbound: Pick<Outbound, "send">;
  readonly asked: Asked[];
  answer: (request: Asked) => FakeAnswer;
  close(): Promise<void>;
}

/** Starts a {@link FakeService} in the place of `origin` (`https://api.example.com`). */
export async function fakeService(origin: string, clock: Clock): Promise<FakeService> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const seen = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      asked.push(seen);
      const { status = 200, headers: more = {}, body = "" } = service.answer(seen);
      response.writeHead(status, more).end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const limits = { answerBytes: 65_536, totalMs: 30_000, connectMs: 10_000 };
  const real = createOutbound({ clock, limits, isAllowed: () => true, resolve: async () => ["127.0.0.1"] });
  const service: FakeService = {
    asked,
    answer: () => ({}),
    outbound: {
      send(request) {
        if (!request.url.startsWith(`${origin}/`)) throw new Error(`${request.url} is not at ${origin}`);
        return real.send({ ...request, url: request.url.replace(origin, `http://127.0.0.1:${port}`) });
      },
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

/** Credentials that no log, error or message may ever hold. */
export const CREDENTIALS = {
  accessId: "the-access-id",
  accessSecret: "the-access-secret",
  webhookUrl: "",
  webhookMethod: 0,
  webhookRequestType: 0,
  webhookRequestBody: "",
  webhookHeaders: "",
};
