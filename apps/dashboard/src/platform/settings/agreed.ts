import { createHash } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { systemCode } from "@windfire/kit";

const VERSION = 1;
const OWNER_ONLY = 0o600;
const DIGEST_LETTERS = 22;

/** Digests of what this dashboard put into its file, by the name of a setting or provider: whatever else stands there somebody wrote. */
export type Agreed = ReadonlyMap<string, readonly string[]>;

/** Of a value; of nothing too. Values may be secrets. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value ?? null))
    .digest("base64url")
    .slice(0, DIGEST_LETTERS);
}

/** What was agreed upon and what is being agreed upon: the file may hold either. */
export function either(one: Agreed | undefined, other: Agreed): Agreed {
  const names = new Set([...(one?.keys() ?? []), ...other.keys()]);
  return new Map([...names].map((name) => [name, [...new Set([...(one?.get(name) ?? []), ...(other.get(name) ?? [])])]]));
}

/** Kept beside the key of the installation. */
export function createAgreedFile(path: string) {
  return {
    /** `undefined`: nothing was agreed upon here, or nobody can read what. */
    async read(): Promise<Agreed | undefined> {
      const text = await readFile(path, "utf8").catch((error: unknown) => {
        if (systemCode(error) === "ENOENT") return "";
        throw error;
      });
      return parse(text);
    },
    async write(agreed: Agreed): Promise<void> {
      const draft = `${path}.tmp`;
      try {
        await writeFile(draft, JSON.stringify({ v: VERSION, agreed: Object.fromEntries(agreed) }), { mode: OWNER_ONLY, flush: true });
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    remove: () => rm(path, { force: true }),
  };
}

function parse(text: string): Agreed | undefined {
  try {
    const { v, agreed } = JSON.parse(text) as { v?: unknown; agreed?: unknown };
    if (v !== VERSION || typeof agreed !== "object" || agreed === null) return undefined;
    const digests = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each) => typeof each === "string") : []);
    return new Map(Object.entries(agreed).map(([name, value]) => [name, digests(value)]));
  } catch {
    return undefined;
  }
}
