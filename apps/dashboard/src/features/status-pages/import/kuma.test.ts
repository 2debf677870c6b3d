import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kumaPages } from "./kuma.ts";
import type { KumaTables } from "./kuma.ts";

/** The tables as Kuma makes them, as far as they are read. */
const SCHEMA = `
  CREATE TABLE status_page (id INTEGER PRIMARY KEY, slug VARCHAR(255) NOT NULL UNIQUE, title VARCHAR(255) NOT NULL, description TEXT,
    icon VARCHAR(255) NOT NULL, theme VARCHAR(30) NOT NULL, published BOOLEAN NOT NULL DEFAULT 1, password VARCHAR(255), footer_text TEXT,
    custom_css TEXT);
  CREATE TABLE "group" (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL, public BOOLEAN NOT NULL DEFAULT 0, active BOOLEAN NOT NULL DEFAULT 1,
    weight INTEGER NOT NULL DEFAULT 1000, status_page_id INTEGER);
  CREATE TABLE monitor_group (id INTEGER PRIMARY KEY, monitor_id INTEGER NOT NULL, group_id INTEGER NOT NULL, weight INTEGER NOT NULL DEFAULT 1000);
`;

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(":memory:");
  database.exec(SCHEMA);
});
afterEach(() => database.close());
const tables: KumaTables = { rows: (table) => database.prepare(`SELECT * FROM "${table}"`).all() };

test("pages come with their groups and monitors in their order", () => {
  database.exec(`
    INSERT INTO status_page VALUES (1, 'Our_Status', 'Ours', 'All of it', '/icon.svg', 'auto', 1, NULL, 'Foot', 'body { color: red }'),
      (2, 'inner', 'Inner', NULL, '', 'dark', 1, 'secret', NULL, NULL);
    INSERT INTO "group" VALUES (1, 'Second', 1, 1, 2, 1), (2, 'First', 1, 1, 1, 1), (3, 'Inner', 1, 1, 1, 2);
    INSERT INTO monitor_group VALUES (1, 10, 1, 2), (2, 11, 1, 1), (3, 12, 2, 1), (4, 99, 2, 2), (5, 10, 3, 1);
  `);
  const pages = kumaPages(tables, (id) => (id === 99 ? undefined : { kind: "service", id: id * 10 }));
  expect(pages.map(({ form }) => form)).toMatchObject([
    {
      slug: "our-status",
      title: "Ours",
      intro: "All of it",
      footer: "Foot",
      published: true,
      groups: [
        { name: "First", parts: [{ kind: "service", id: 120 }] },
        { name: "Second", parts: [{ id: 110 }, { id: 100 }] },
      ],
    },
    { slug: "inner", published: false, groups: [{ name: "Inner", parts: [{ id: 100 }] }] },
  ]);
  expect(pages.flatMap(({ notes }) => notes)).toEqual([
    'status page "Ours": styles of its own are left out',
    'status page "Ours": monitor 99 has no service here',
    'status page "Inner": its password is entered anew, and it is not published until then',
  ]);
});
