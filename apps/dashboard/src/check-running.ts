import { get } from "node:http";
import { randomBytes } from "node:crypto";
import { randomText } from "@windfire/kit";
import { loadConfig } from "#platform/config";
import { CommandEnd, readOptions, runCommand } from "./command-line.ts";
import { NEZHA_VERSION } from "./version.ts";

const USAGE = `Usage of windfire check --running:
  -c path
    \tconfiguration file that says where the dashboard listens (default "data/config.yaml")
  -port number
    \tport it listens on, instead of the configured one
  -quiet
    \tsay nothing; the exit code is enough
Asks a dashboard on this machine whether it is ready. Exit code 0: it is; 1: it is not, or does not answer; 2: wrong arguments.`;
const PATIENCE_MS = 5_000;
const MOST_BYTES = 64 * 1024;
const EVERYWHERE = new Set(["", "0.0.0.0", "::", "[::]"]);

/** `windfire check --running`: for scripts and the health checks of containers. */
await runCommand("check", async (args) => {
  const { text, flag } = readOptions(args, USAGE, {
    running: { type: "boolean" },
    c: { type: "string" },
    port: { type: "string" },
    quiet: { type: "boolean" },
  });
  const port = text("port");
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new CommandEnd(2, `port: must be a number\n\n${USAGE}`);
  const say = (line: string): void => void (flag("quiet") || process.stdout.write(`${line}\n`));
  try {
    const address = await whereItListens(text("c") ?? "data/config.yaml", port);
    const answer = await ask(address.host, address.port);
    say(answer.text.trimEnd());
    return answer.status === 200 ? 0 : 1;
  } catch (error) {
    say(`no answer: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
});

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
