import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatFileRequest, formatTerminalResize, parseFileResponse } from "@windfire/protocol";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createApi } from "../api.ts";
import type { Api } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";
import { isInstalled, openProxy } from "../proxies/proxy.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { openPackedAgent } from "./packed-agent.ts";
import type { PackedAgent } from "./packed-agent.ts";

const SIZE = 100 * 1024 * 1024;
const PIECE = 1024 * 1024;
const TUNNEL = "tunnel.example.com";

describe.runIf(isInstalled("nginx"))("our agent behind nginx with TLS", () => {
  let dashboard: Dashboard;
  let proxy: Proxy;
  let target: string;
  let agent: PackedAgent;
  let api: Api;
  let folder: string;
  let serverId: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "windfire-agent-"));
    mkdirSync(join(folder, "files"));
    dashboard = await openDashboard();
    proxy = await openProxy("nginx", dashboard.target, { tls: true });
    target = `127.0.0.1:${proxy.port}`;
    agent = await openPackedAgent({
      folder,
      config: `# windfire agent
server: ${target}
client_secret: ${dashboard.agentSecret}
uuid: 3f2b8c1e-5a77-4d0e-9b1c-0d6a2e4f8a90
tls: true
insecure_tls: true
report_delay: 1
custom_ip_api:
  - http://127.0.0.1:9/
permits:
  probes: true
  commands: true
  terminal: true
  files: ${join(folder, "files")}
  nat: 127.0.0.1:*
`,
    });
    api = await createApi(dashboard.base, ADMIN);
    serverId = await vi.waitFor(
      async () => {
        const [row] = await servers();
        if (row === undefined) throw new Error(`the agent is not there: ${agent.output()}`);
        return row.id;
      },
      { timeout: 20_000, interval: 100 },
    );
  });
  afterAll(async () => {
    await agent.stop();
    await proxy.close();
    await dashboard.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface ServerRow {
    readonly id: number;
    readonly host?: { readonly rights?: readonly { readonly name: string; readonly only?: readonly string[] }[] };
  }
  const servers = (): Promise<ServerRow[]> => api.get<ServerRow[]>("/server");
  const socket = (path: string, headers: Record<string, string> = {}): WebSocket =>
    new WebSocket(`wss://${target}${path}`, {
      rejectUnauthorized: false,
      headers: { authorization: `Bearer ${api.token}`, ...headers },
    });
  const opened = (one: WebSocket): Promise<void> => new Promise((resolve, reject) => one.once("open", resolve).once("error", reject));

  async function openTerminal(): Promise<{ terminal: WebSocket; output: () => string; closed: Promise<number> }> {
    const { session_id: id } = await api.post<{ session_id: string }>("/terminal", { server_id: serverId });
    const terminal = socket(`/api/v1/ws/terminal/${id}`);
    let text = "";
    terminal.on("message", (bytes: Buffer) => (text += bytes.toString()));
    const closed = new Promise<number>((resolve) => terminal.once("close", resolve));
    await opened(terminal);
    await expect.poll(() => text).not.toBe("");
    return { terminal, output: () => text, closed };
  }

  test("the dashboard knows what the host permits", async () => {
    await expect
      .poll(async () => (await servers())[0]?.host?.rights)
      .toEqual([
        { name: "report" },
        { name: "probes" },
        { name: "commands" },
        { name: "terminal" },
        { name: "files", only: [join(folder, "files")] },
        { name: "nat", only: ["127.0.0.1:*"] },
      ]);
  });

  test("a shell, its size and its exit code", async () => {
    const { terminal, output, closed } = await openTerminal();
    terminal.send(Buffer.from(formatTerminalResize(132, 43)));
    terminal.send("stty size\r");
    await expect.poll(output).toContain("43 132");
    terminal.send("exit 3\r");
    expect(await closed).toBe(1000);
    expect(output()).toContain("The shell ended with exit code 3.");
  });

  test("100 MB up and down, with the same hash", async () => {
    const { session_id: id } = await api.post<{ session_id: string }>(`/file?id=${serverId}`, {});
    const files = socket(`/api/v1/ws/file/${id}`);
    const messages: Buffer[] = [];
    let wake: () => void = () => undefined;
    files.on("message", (bytes: Buffer) => {
      messages.push(bytes);
      wake();
    });
    const next = async (): Promise<Buffer> => {
      while (messages.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return messages.shift() ?? Buffer.alloc(0);
    };
    await opened(files);
    const content = randomBytes(SIZE);
    const path = join(folder, "files", "large");
    files.send(formatFileRequest({ kind: "upload", path, size: SIZE }));
    for (let at = 0; at < SIZE; at += PIECE) {
      await new Promise<void>((resolve, reject) => {
        files.send(content.subarray(at, at + PIECE), (error) => (error === undefined || error === null ? resolve() : reject(error)));
      });
    }
    expect(parseFileResponse(await next())).toEqual({ kind: "uploaded" });
    const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
    expect(hash(readFileSync(path))).toBe(hash(content));
    files.send(formatFileRequest({ kind: "download", path }));
    expect(parseFileResponse(await next())).toEqual({ kind: "download", size: SIZE });
    const down = createHash("sha256");
    for (let missing = SIZE; missing > 0;) {
      const piece = await next();
      down.update(piece);
      missing -= piece.length;
    }
    expect(down.digest("hex")).toBe(hash(content));
    files.send(formatFileRequest({ kind: "download", path: agent.configPath }));
    expect(parseFileResponse(await next())).toMatchObject({ kind: "error" });
    files.close();
  }, 120_000);

  describe("a tunnel", () => {
    let backend: Server;
    beforeAll(async () => {
      backend = createServer((_, response) => response.end("x".repeat(300_000)));
      const echo = new WebSocketServer({ server: backend });
      echo.on("connection", (one) => one.on("message", (bytes: Buffer) => one.send(`echo ${bytes.toString()}`)));
      await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
      const address = backend.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      await api.post("/nat", { name: "t", enabled: true, server_id: serverId, host: `127.0.0.1:${port}`, domain: TUNNEL });
    });
    afterAll(() => {
      backend.closeAllConnections();
      backend.close();
    });

    test("carries a page", async () => {
      const body = await new Promise<string>((resolve, reject) => {
        const call = request(`https://${target}/page`, { rejectUnauthorized: false, headers: { host: TUNNEL } }, (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.once("end", () => resolve(`${response.statusCode} ${text.length}`));
        });
        call.once("error", reject);
        call.end();
      });
      expect(body).toBe("200 300000");
    });

    test("carries a WebSocket", async () => {
      const one = socket("/chat", { host: TUNNEL });
      const answer = new Promise<string>((resolve) => one.once("message", (bytes: Buffer) => resolve(bytes.toString())));
      await opened(one);
      one.send("hello");
      expect(await answer).toBe("echo hello");
      one.close();
    });
  });

  test("a right that the host takes back ends the terminal, and the next one is refused with a word", async () => {
    const { closed } = await openTerminal();
    expect(await agent.command("deny", "terminal")).toContain("permits now: report, probes, commands, files");
    await closed;
    const { output } = await openTerminal();
    expect(output()).toContain("This host does not permit terminal.");
    expect(agent.output()).toContain("refused an order of the dashboard (task of type 8)");
    await expect
      .poll(async () => (await servers())[0]?.host?.rights?.map(({ name }) => name))
      .toEqual(["report", "probes", "commands", "files", "nat"]);
  });
});
