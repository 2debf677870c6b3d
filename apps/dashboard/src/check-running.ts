import { get } from "node:http";
import { parseArgs } from "node:util";
import { randomBytes } from "node:crypto";
import { randomText } from "@windfire/kit";
import { loadConfig } from "#platform/config";
import { NEZHA_VERSION } from "./version.ts";

const USAGE = `Usage of windfire check --running:
  -c path
    \tconfiguration file that says where the dashboard listens (default "data/config.yaml")
  --port number
    \tport it listens on, instead of the configured one
  --quiet
    \tsay nothing; the exit code is enough
Asks a dashboard on this machine whether it is ready. Exit code 0: it is; 1: it is not, or does not answer; 2: wrong arguments.
`;
const PATIENCE_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const EVERYWHERE = new Set(["", "0.0.0.0", "::", "[::]"]);

/** `windfire check --running`: for scripts and the health checks of containers. */
async function main(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (options.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const say = (text: string): void => void (options.quiet === true || process.stdout.write(`${text}\n`));
  try {
    const { host, port } = await whereItListens(options.c ?? "data/config.yaml", options.port);
    const { status, text } = await ask(host, port);
    say(text.trimEnd());
    return status === 200 ? 0 : 1;
  } catch (error) {
    say(`no answer: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        running: { type: "boolean" },
        c: { type: "string", short: "c" },
        port: { type: "string" },
        quiet: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    return values.port !== undefined && !/^\d{1,5}$/.test(values.port) ? undefined : values;
  } catch {
    return undefined;
  }
}

async function whereItListens(path: string, port: string | undefined): Promise<{ host: string; port: number }> {
  const { current } = await loadConfig({
    path,
    env: process.env,
    randomText: (length) => randomText(randomBytes, length),
    version: NEZHA_VERSION,
  });
  const host = EVERYWHERE.has(current.listenHost) ? "127.0.0.1" : current.listenHost.replace(/^\[|\]$/g, "");
  return { host, port: port === undefined ? current.listenPort : Number(port) };
}

function ask(host: string, port: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host, port, path: "/readyz", signal: AbortSignal.timeout(PATIENCE_MS) }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.length > MOST_BYTES) request.destroy(new Error("this is no dashboard"));
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.once("error", reject);
    });
    request.once("error", reject);
  });
}

process.exitCode = await main(process.argv.slice(2));
