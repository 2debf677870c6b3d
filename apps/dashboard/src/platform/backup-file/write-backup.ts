import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { compressed } from "./compression.ts";
import { CONTENTS_NAME, FORMAT, FORMAT_VERSION, signContents } from "./contents.ts";
import type { BackedUpFile, Contents } from "./contents.ts";
import { sealStream } from "./sealed-stream.ts";
import { TAR_END, tarHeader, tarPadding } from "./tar.ts";

/** A file as it was at the moment of the backup: the first `size` bytes of `path`. */
export interface FileToBackUp {
  /** In the backup: `config.yaml`, `history/rows-12.log`. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

export interface BackupPlan {
  readonly files: readonly FileToBackUp[];
  /** What the signed list says besides the files. */
  readonly about: Pick<Contents, "created_at" | "program" | "schema" | "environment">;
  /** 32 secret bytes to sign with. */
  readonly signingSeed: Uint8Array;
  /** Not encrypted without. */
  readonly passphrase?: string | undefined;
}

/**
 * A backup in pieces as its reader takes them: a tar archive, compressed, encrypted where there is a passphrase. Memory stays bounded
 * whatever the size. Ends in an error when a file cannot be read whole.
 */
export function writeBackup(plan: BackupPlan): AsyncGenerator<Uint8Array> {
  const bytes = compressed(archive(plan));
  return plan.passphrase === undefined ? bytes : sealStream(bytes, plan.passphrase);
}

async function* archive({ files, about, signingSeed }: BackupPlan): AsyncGenerator<Uint8Array> {
  const listed: BackedUpFile[] = [];
  for (const { name, path, size } of files) {
    const hash = createHash("sha256");
    yield tarHeader(name, size);
    for await (const piece of readUpTo(path, size)) {
      hash.update(piece);
      yield piece;
    }
    yield tarPadding(size);
    listed.push({ name, size, sha256: hash.digest("hex") });
  }
  const text = Buffer.from(signContents({ format: FORMAT, version: FORMAT_VERSION, ...about, files: listed }, signingSeed));
  yield* [tarHeader(CONTENTS_NAME, text.length), text, tarPadding(text.length), TAR_END];
}

async function* readUpTo(path: string, size: number): AsyncGenerator<Buffer> {
  if (size === 0) return;
  let read = 0;
  for await (const piece of createReadStream(path, { end: size - 1 }) as AsyncIterable<Buffer>) {
    read += piece.length;
    yield piece;
  }
  if (read !== size) throw new Error(`${path} became shorter while it was read`);
}
