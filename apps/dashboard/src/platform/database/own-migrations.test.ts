import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownMigrations } from "./own-migrations.ts";

const page = readFileSync(new URL("../../../../../docs/formats/own-tables.md", import.meta.url), "utf8");
const made = ownMigrations.flatMap(({ statements }) =>
  statements.flatMap((text) => [...text.matchAll(/^CREATE TABLE (?:IF NOT EXISTS )?`?(wf_\w+)/g)].map(([, name]) => name)),
);

test("the page of own tables names every table that is made, and none besides", () => {
  const named = [...page.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell]) =>
    [...(cell ?? "").matchAll(/`(wf_\w+)`/g)].map(([, name]) => name),
  );
  // Made before the first of them, and not by one.
  expect(new Set(named)).toEqual(new Set([...made, "wf_meta"]));
});
