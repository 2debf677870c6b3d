import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, callStatus, openSocket } from "./client.ts";
import { PROXIES, RECIPES, TUNNEL } from "./configurations.ts";
import { isInstalled } from "./proxy.ts";
import { openStage, PERSON, SPOOFED } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** A gRPC status: the secret is wrong. */
const UNAUTHENTICATED = "16";
const STRANGER = "127.0.0.3";

const WAYS = PROXIES.filter(isInstalled).flatMap((name) =>
  [true, false].map((tls) => ({ name, tls, way: tls ? "with TLS" : "without TLS" })),
);

test.each(PROXIES)("the page says how to put %s in front, where it is not installed too", (name) => {
  const place = { folder: "/nowhere", port: 1, agentPort: 2, dashboard: "127.0.0.1:3" };
  for (const tls of [true, false]) expect(RECIPES[name]({ ...place, tls }).text).toContain("127.0.0.1:3");
});

describe.each(WAYS)("$name as its page says, $way", ({ name, tls }) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(name, tls);
  });
  afterAll(() => stage.close());

  test("who comes past the proxy is refused, and a client cannot say who it is", async () => {
    const direct = await fetch(`${stage.dashboard.base}/api/v1/setting`);
    expect(await direct.text()).toContain("real ip header not found");
    expect(await stage.call("GET", "/profile")).toMatchObject({ login_ip: PERSON });
    // Cookies of sessions are for TLS where the client came by it, whatever it claims.
    const cookies = stage.signIn.headers["set-cookie"] ?? [];
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(/; Secure(;|$)/.test(cookie)).toBe(tls);
  });

  test("the pages, and the live stream", async () => {
    expect(await ask(stage.person, "/")).toMatchObject({ status: 200 });
    const stream = await openSocket(stage.person, "/api/v1/ws/server");
    const frame = await new Promise<string>((resolve) => stream.once("message", (bytes: Buffer) => resolve(bytes.toString())));
    expect(JSON.parse(frame)).toHaveProperty("servers");
    stream.close();
  });

  test("an agent reports, and one that guesses is known by its own address", async () => {
    const silence = async (): Promise<number> => Date.now() - Date.parse((await stage.server()).last_active);
    await expect.poll(silence).toBeLessThan(5_000);
    const { agentPort } = stage.proxy;
    const guess = { "client-secret": "guessed", "client-uuid": "00000000-0000-4000-8000-000000000001", ...SPOOFED };
    expect(await callStatus({ port: agentPort, tls, from: STRANGER }, "ReportSystemState", guess)).toBe(UNAUTHENTICATED);
    await expect.poll(async () => JSON.stringify(await stage.call("GET", "/waf"))).toContain(STRANGER);
    expect(JSON.stringify(await stage.call("GET", "/waf"))).not.toContain(SPOOFED["nz-realip"]);
  });

  test("a terminal", async () => {
    const { socket, output } = await stage.openTerminal();
    socket.send("echo $((6*7))ok\r");
    await expect.poll(output).toContain("42ok");
    socket.close();
  });

  describe("a tunnel on a sub-domain", () => {
    let target: Server;
    beforeAll(async () => {
      target = createServer((_, response) => response.end("x".repeat(300_000)));
      await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => void target.close());

    test("carries a page", async () => {
      const { port } = target.address() as AddressInfo;
      const { id } = await stage.server();
      const domain = `${TUNNEL}:${stage.proxy.port}`;
      await stage.call("POST", "/nat", { name: "t", enabled: true, server_id: id, host: `127.0.0.1:${port}`, domain });
      expect((await ask(stage.person, "/page", { name: TUNNEL })).text).toHaveLength(300_000);
    });
  });
});
