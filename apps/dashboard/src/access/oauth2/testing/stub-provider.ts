import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Oauth2Provider } from "#platform/config";

/** A provider on loopback; what it answers can be changed. */
export interface Stub {
  readonly base: string;
  /** How it is configured. */
  readonly provider: Oauth2Provider;
  readonly requests: { path: string; headers: Record<string, unknown>; body: string }[];
  token: { status: number; type: string; body: string };
  /** What it says of itself; nothing unless told. */
  description: object | undefined;
  /** Paths that lead elsewhere. */
  readonly moved: Map<string, { status: number; location: string }>;
  user: { status: number; body: string };
  /** Whether the client may name itself in a header. */
  acceptsHeader: boolean;
  /** Happens while the provider looks up the user. */
  meanwhile: () => Promise<unknown>;
  close(): void;
}

/** A provider that answers as most do. */
export async function openStub(): Promise<Stub> {
  const server: Server = createServer((incoming, response) => {
    void text(incoming).then(async (body) => {
      stub.requests.push({ path: incoming.url ?? "", headers: incoming.headers, body });
      if (incoming.url === "/user") await stub.meanwhile();
      const { status, type, body: answer, location } = answerTo(incoming, stub);
      const headers = { ...(type === undefined ? {} : { "content-type": type }), ...(location === undefined ? {} : { location }) };
      response.writeHead(status, headers).end(answer);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stub: Stub = {
    base,
    provider: {
      clientId: "the client",
      clientSecret: "se:cret",
      endpoint: { authUrl: `${base}/authorize`, tokenUrl: `${base}/token` },
      scopes: ["read:user", "email"],
      userInfoUrl: `${base}/user`,
      userIdPath: "account.id",
    },
    requests: [],
    token: { status: 200, type: "application/json", body: '{"access_token":"access","token_type":"bearer"}' },
    acceptsHeader: true,
    description: undefined,
    moved: new Map(),
    meanwhile: async () => undefined,
    user: { status: 200, body: '{"account":{"id":4242}}' },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return stub;
}

interface StubAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly location?: string;
}

function answerTo({ url = "", headers }: IncomingMessage, stub: Stub): StubAnswer {
  const moved = stub.moved.get(url);
  if (moved !== undefined) return moved;
  const json = { type: "application/json" };
  if (url.includes("/.well-known/")) return { ...json, status: stub.description ? 200 : 404, body: JSON.stringify(stub.description ?? {}) };
  if (url !== "/token") return { ...json, ...stub.user };
  return stub.acceptsHeader || !headers.authorization ? stub.token : { ...json, status: 401, body: '{"error":"invalid_client"}' };
}
