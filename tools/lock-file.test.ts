import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { missingOptionalPackages, registryAddresses } from "./lock-file.ts";
import type { LockFile } from "./lock-file.ts";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8")) as LockFile;

test("the lock holds every optional package that an entry names, and no address of a registry", () => {
  expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
  expect(missingOptionalPackages(lock)).toEqual([]);
  expect(registryAddresses(lock)).toEqual([]);
});

test("a hole is found, also below another package", () => {
  const packages = {
    "": { optionalDependencies: { "node-a": "1" } },
    "node_modules/tool": { optionalDependencies: { "@tool/linux": "1", "@tool/darwin": "1" } },
    "node_modules/tool/node_modules/@tool/linux": { resolved: "https://registry.example/linux.tgz" },
    "node_modules/@own/kit": { resolved: "packages/kit", link: true },
  };
  expect(missingOptionalPackages({ packages })).toEqual(["the root needs node-a", "node_modules/tool needs @tool/darwin"]);
  expect(registryAddresses({ packages })).toEqual(["node_modules/tool/node_modules/@tool/linux"]);
});
