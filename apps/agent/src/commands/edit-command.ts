import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { createSystemFiles, hostRoots, mountedVolumes, parseInterfaces } from "../collect/index.ts";
import type { AgentConfig, ConfigStore, Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";
import { askConfig } from "./edit-questions.ts";

export interface EditCommandDeps {
  readonly store: Pick<ConfigStore, "load" | "save">;
  readonly input: Readable;
  readonly output: Writable;
}

/** Those without an address too, where the system has a list of them. */
function interfaceNames(): string[] {
  const counters = process.platform === "linux" ? createSystemFiles().text(`${hostRoots(process.env).proc}/net/dev`) : undefined;
  return counters === undefined ? Object.keys(networkInterfaces()) : parseInterfaces(counters).map(({ name }) => name);
}

/** `windfire agent edit`: asks, saves, and leaves the restart to the owner (spec 21 section 1.2). */
export async function runEditCommand({ store, input, output }: EditCommandDeps): Promise<Outcome<undefined>> {
  const loaded = await store.load();
  if (!loaded.ok) return fail(`init config failed: ${loaded.error}`);
  const lines = createInterface({ input, output })[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const line = await lines.next();
    if (line.done === true) throw new Error("the input ended; nothing was changed");
    return line.value;
  };
  try {
    const next: AgentConfig = await askConfig(loaded.value, {
      ask,
      tell: (text) => output.write(`${text}\n`),
      interfaces: interfaceNames(),
      partitions: process.platform === "linux" ? mountedVolumes(createSystemFiles(), hostRoots(process.env)) : [],
      newUuid: () => crypto.randomUUID(),
    });
    const saved = store.save(next);
    if (!saved.ok) return saved;
    output.write("Saved. Restart the agent: windfire agent service restart\n");
    return succeed(undefined);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  } finally {
    input.destroy();
  }
}
