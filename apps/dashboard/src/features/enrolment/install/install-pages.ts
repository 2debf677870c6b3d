import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import { createArtefacts } from "./artefact.ts";

/** Where the things lie that hosts fetch; one that is not there is not offered. */
export interface InstallSources {
  readonly script: string;
  readonly bundle: string;
  /** Programs of the Node that agents run on, by architecture. */
  readonly node: { readonly x64: string; readonly arm64: string };
  /** What terminals need, by architecture. */
  readonly terminal: { readonly x64: string; readonly arm64: string };
  /** Least major version of a Node that a host has already. */
  readonly nodeMajor: number;
}

/** Large files under way at once, for all hosts together. */
const DOWNLOADS = 16;
const BUSY_SECONDS = "10";

/**
 * `/install/agent.sh` and what it fetches, open to everybody: there is nothing of this installation in them. The script holds the hashes
 * of the other files, so that it takes nothing but what belongs to it (spec 41 section 8.4).
 */
export function installPages(sources: InstallSources): (app: FastifyInstance) => Promise<void> {
  const artefact = createArtefacts();
  let underWay = 0;
  const hashOf = async (path: string): Promise<string> => (await artefact(path))?.hash ?? "";

  const script = async (): Promise<string> => {
    const values: Record<string, string> = {
      AGENT_SHA256: await hashOf(sources.bundle),
      NODE_X64_SHA256: await hashOf(sources.node.x64),
      NODE_ARM64_SHA256: await hashOf(sources.node.arm64),
      TERMINAL_X64_SHA256: await hashOf(sources.terminal.x64),
      TERMINAL_ARM64_SHA256: await hashOf(sources.terminal.arm64),
      NODE_MAJOR: String(sources.nodeMajor),
    };
    return (await readFile(sources.script, "utf8")).replace(/@([A-Z0-9_]+)@/g, (whole, name: string) => values[name] ?? whole);
  };
  const send = async (reply: FastifyReply, path: string): Promise<FastifyReply> => {
    const found = await artefact(path);
    if (!found) return reply.code(404).type("text/plain; charset=utf-8").send("this dashboard does not have it\n");
    if (underWay >= DOWNLOADS) return reply.code(503).header("retry-after", BUSY_SECONDS).type("text/plain").send("too many downloads\n");
    underWay++;
    reply.raw.once("close", () => underWay--);
    const headers = { "content-length": found.size, "cache-control": "no-cache", etag: `"${found.hash}"` };
    return reply.headers(headers).type("application/octet-stream").send(createReadStream(found.path));
  };

  return async (app) => {
    const hidden = { schema: { hide: true } };
    app.get("/install/agent.sh", hidden, async (_request, reply) =>
      reply
        .header("cache-control", "no-cache")
        .type("text/x-shellscript; charset=utf-8")
        .send(await script()),
    );
    app.get("/install/agent.bundle", hidden, (_request, reply) => send(reply, sources.bundle));
    app.get("/install/node-linux-x64", hidden, (_request, reply) => send(reply, sources.node.x64));
    app.get("/install/node-linux-arm64", hidden, (_request, reply) => send(reply, sources.node.arm64));
    app.get("/install/terminal-linux-x64", hidden, (_request, reply) => send(reply, sources.terminal.x64));
    app.get("/install/terminal-linux-arm64", hidden, (_request, reply) => send(reply, sources.terminal.arm64));
  };
}
