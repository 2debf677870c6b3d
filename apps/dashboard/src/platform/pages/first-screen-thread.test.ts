import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drawInThread } from "./first-screen-thread.ts";

const clock = createFakeClock();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "windfire-first-screen-"));
});
afterEach(async () => rm(folder, { recursive: true }));

/** A module that answers what it is asked, and says in which thread. */
async function web(body: string): Promise<string> {
  const file = join(folder, "web.mjs");
  await writeFile(file, `import { threadId } from "node:worker_threads";\nexport async function renderFirstScreen(data) { ${body} }\n`);
  return file;
}
const ANSWERS = 'if (data.no) throw new Error(data.no); return threadId + " " + data.text;';
const ask = (text: string): string => JSON.stringify({ text });

test("pages are drawn in one thread that is not this one, each its own, in the order of the questions", async () => {
  const draw = drawInThread(await web(ANSWERS), clock);
  const drawn = await Promise.all(["a", "b", "c"].map(async (text) => draw(ask(text))));
  expect(drawn.map((html) => html.split(" ")[1])).toEqual(["a", "b", "c"]);
  expect(new Set(drawn.map((html) => html.split(" ")[0])).size).toBe(1);
  expect(drawn[0]).not.toMatch(/^0 /);
});

test("a page that cannot be drawn fails alone", async () => {
  const draw = drawInThread(await web(ANSWERS), clock);
  const [failed, drawn] = await Promise.allSettled([draw(JSON.stringify({ no: "not this one" })), draw(ask("b"))]);
  expect(failed).toMatchObject({ status: "rejected", reason: new Error("Error: not this one") });
  expect(drawn).toMatchObject({ status: "fulfilled" });
});

test("a thread that nobody needs ends, and another one begins with the next guest", async () => {
  const draw = drawInThread(await web(ANSWERS), clock);
  const first = await draw(ask("a"));
  clock.advance(59_999);
  expect(await draw(ask("a"))).toBe(first);
  clock.advance(60_000);
  expect(await draw(ask("a"))).not.toBe(first);
});

test("one that is late keeps nobody waiting, one that hangs ends, and the next try begins anew", async () => {
  const draw = drawInThread(await web("if (data.text === 'hang') return new Promise(() => {}); return threadId;"), clock);
  const thread = await draw(ask("a"));
  const late = draw(ask("hang"));
  clock.advance(1_000);
  await expect(late).rejects.toThrow("drawing takes too long");
  clock.advance(19_000);
  expect(await draw(ask("b"))).not.toBe(thread);
});

test("without the module a page comes without its first screen, and says why", async () => {
  await expect(drawInThread(join(folder, "nothing.mjs"), clock)(ask("a"))).rejects.toThrow("nothing.mjs");
});
