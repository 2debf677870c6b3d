import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeUniform, writeText } from "./tree.ts";

/** Starts the program with the Node beside it, from wherever it is called, also through a link. */
export const STARTER = `#!/bin/sh
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
here=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P)
exec "$here/bin/node" "$here/tools/windfire.mjs" "$@"
`;

/** Puts Node and what starts the program into a tree, which then runs as it lies. */
export function addNode(tree: string, node: string): void {
  const target = join(tree, "bin", basename(node));
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(node, target);
  chmodSync(target, 0o755);
  writeText(join(tree, "windfire"), STARTER);
  chmodSync(join(tree, "windfire"), 0o755);
}

/** A folder as `.tar.gz`, the same bytes for the same files. */
export function makeArchive(folder: string, output: string, time: number): void {
  makeUniform(folder, time);
  mkdirSync(dirname(output), { recursive: true });
  const tar = ["tar", "--sort=name", "--format=gnu", "--owner=0", "--group=0", "--numeric-owner", `--mtime=@${time}`];
  const line = `${tar.join(" ")} -C "$1" -cf - "$2" | gzip -n -6 > "$3"`;
  execFileSync("sh", ["-c", line, "sh", dirname(folder), basename(folder), output]);
}
