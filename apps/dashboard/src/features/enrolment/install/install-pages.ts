import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import { createArtefacts } from "./artefact.ts";

/** Where the things lie that hosts fetch; one that is not there is not offered. */
export interface InstallSources {
  /** Scripts by name, with places for the hashes of the files. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Files by name; of several places the first counts that has one. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** Public key of whoever signed the release, PEM; not there in a build of one's own. */
  readonly releaseKey: string;
  /** Least major version of a Node that a host has already. */
  readonly nodeMajor: number;
  /** Lays out what has still to be made, once. */
  readonly prepare?: () => Promise<void>;
}

/** Large files under way at once, for all hosts together. */
const DOWNLOADS = 16;
const BUSY_SECONDS = "10";
const SCRIPT_TYPE = "text/plain; charset=utf-8";

/**
 * `/install/agent.sh`, `/install/agent.ps1` and what they fetch, open to everybody: there is nothing of this installation in them. A script
 * holds the hashes of the other files, so that it takes nothing but what belongs to it (spec 41 section 8.4), and the key of the release.
 */
export function installPages(sources: InstallSources): (app: FastifyInstance) => Promise<void> {
  const artefact = createArtefacts();
  let underWay = 0;
  let prepared: Promise<void> | undefined;

  const find = async (name: string): Promise<Awaited<ReturnType<typeof artefact>>> => {
    prepared ??= sources.prepare?.();
    await prepared;
    for (const path of sources.files[name] ?? []) {
      const found = await artefact(path);
      if (found) return found;
    }
    return undefined;
  };
  const script = async (path: string): Promise<string> => {
    const values: Record<string, string> = { "node-major": String(sources.nodeMajor), "release-key": await releaseKey(sources.releaseKey) };
    for (const name of Object.keys(sources.files)) values[name] = (await find(name))?.hash ?? "";
    return (await readFile(path, "utf8")).replace(/@([a-zA-Z0-9.-]+)@/g, (whole, name: string) => values[name] ?? whole);
  };
  const send = async (reply: FastifyReply, name: string): Promise<FastifyReply> => {
    const found = await find(name);
    if (!found) return reply.code(404).type("text/plain; charset=utf-8").send("this dashboard does not have it\n");
    if (underWay >= DOWNLOADS) return reply.code(503).header("retry-after", BUSY_SECONDS).type("text/plain").send("too many downloads\n");
    underWay++;
    reply.raw.once("close", () => underWay--);
    const headers = { "content-length": found.size, "cache-control": "no-cache", etag: `"${found.hash}"` };
    return reply.headers(headers).type("application/octet-stream").send(createReadStream(found.path));
  };

  return async (app) => {
    const hidden = { schema: { hide: true } };
    for (const [name, path] of Object.entries(sources.scripts)) {
      app.get(`/install/${name}`, hidden, async (_request, reply) =>
        reply
          .header("cache-control", "no-cache")
          .type(SCRIPT_TYPE)
          .send(await script(path)),
      );
    }
    for (const name of Object.keys(sources.files)) app.get(`/install/${name}`, hidden, (_request, reply) => send(reply, name));
  };
}

/** The key without its frame, as one line. */
async function releaseKey(path: string): Promise<string> {
  const pem = await readFile(path, "utf8").catch(() => "");
  return pem.replace(/-----[A-Z ]+-----/g, "").replace(/\s/g, "");
}
