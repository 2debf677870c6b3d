import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { Script } from "node:vm";
import { crc32 } from "node:zlib";

/** CRC of the source, CRC of the code, length of the code; all of them little-endian. */
const HEAD_BYTES = 12;

const WRITABLE_BY_OTHERS = 0o022;

type ModuleFunction = (exports: unknown, require: unknown, module: unknown, filename: string, folder: string) => void;

export interface CodeCache {
  /**
   * Loads a packed CommonJS file, and with it whatever packed file it requires by `./`, each once. Its text is ASCII, and one function of
   * `exports`, `require`, `module`, `__filename` and `__dirname` (`build-plugins.ts`).
   *
   * @throws what the file throws when it is evaluated, or when it cannot be read
   */
  load(file: string): unknown;
  /** Keeps what has been compiled of the loaded files by now, for the next start. Does nothing for files whose code was good, or when it cannot write. */
  keep(): void;
}

/**
 * Runs the packed program with its compiled code. Node's own cache keeps a module as it is before it runs, so that each of the 2 700 functions
 * of a start is compiled again, each time; kept after a start they are there, and the source is not read by the engine at all. That is a
 * third of a start and 5 MB. For this the pack is CommonJS, which has scripts whose code can be kept at any time.
 *
 * @param folder for the code alone, made where missing; without one nothing is kept
 */
export function createCodeCache(folder: string | undefined): CodeCache {
  const loaded = new Map<string, { exports: unknown }>();
  const kept: { readonly script: Script; readonly file: string; readonly sourceCrc: number }[] = [];
  const compile = (file: string): Script => {
    const source = readFileSync(file, "latin1");
    const sourceCrc = crc32(source);
    const cachedData = folder === undefined ? undefined : readCode(codeFile(folder, file), sourceCrc);
    const script = new Script(source, {
      filename: file,
      ...(cachedData ? { cachedData } : {}),
    });
    if (cachedData) release(cachedData);
    // Another version or other flags of the engine: it has compiled the source instead.
    if (cachedData === undefined || script.cachedDataRejected === true) kept.push({ script, file, sourceCrc });
    return script;
  };
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    loaded.set(file, module);
    const others = createRequire(file);
    const require = Object.assign((id: string): unknown => (id.startsWith("./") ? load(resolve(dirname(file), id)) : others(id)), {
      resolve: others.resolve,
    });
    (compile(file).runInThisContext() as ModuleFunction)(module.exports, require, module, file, dirname(file));
    return module.exports;
  };
  return {
    load,
    keep: () => {
      if (folder === undefined) return;
      for (const { script, file, sourceCrc } of kept.splice(0)) writeCode(codeFile(folder, file), sourceCrc, script.createCachedData());
    },
  };
}

/** Installations and versions of Node that share a folder keep apart. */
function codeFile(folder: string, file: string): string {
  const place = crc32(`${process.version} ${process.arch} ${dirname(file)}`);
  return join(folder, `${place.toString(16).padStart(8, "0")}-${basename(file)}.code`);
}

/** The engine checks versions and flags, but neither the source beyond its length nor whether the code is whole. */
function readCode(path: string, sourceCrc: number): Buffer | undefined {
  try {
    if (!isOursAlone(dirname(path)) || !isOursAlone(path)) return undefined;
    const bytes = readFileSync(path);
    const code = bytes.subarray(HEAD_BYTES);
    const isWhole = bytes.length > HEAD_BYTES && bytes.readUInt32LE(8) === code.length && bytes.readUInt32LE(4) === crc32(code);
    return isWhole && bytes.readUInt32LE(0) === sourceCrc ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Kept code is run as it is: what somebody else could have put there is never read. */
function isOursAlone(path: string): boolean {
  const { uid, mode } = statSync(path);
  // Windows knows neither; who may write there is said by the installation's folder.
  const us = process.getuid?.();
  return us === undefined || (uid === us && (mode & WRITABLE_BY_OTHERS) === 0);
}

/** Megabytes that would lie there until the next collection of garbage, which a dashboard at rest has no need of for long. */
function release({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength + HEAD_BYTES) buffer.transfer(0);
}

/** In one step, so that whoever starts meanwhile reads the one before or this one. */
function writeCode(path: string, sourceCrc: number, code: Buffer): void {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(sourceCrc, 0);
  head.writeUInt32LE(crc32(code), 4);
  head.writeUInt32LE(code.length, 8);
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (!isOursAlone(dirname(path))) return;
    writeFileSync(draft, Buffer.concat([head, code]), { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch {
    // A folder of somebody else, or a full disk: the next start compiles as this one did.
  }
}
