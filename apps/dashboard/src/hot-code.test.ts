import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { watchForWork } from "./hot-code.ts";

function watch() {
  const clock = createFakeClock();
  const state = { cpu: 0, began: 0 };
  const watching = watchForWork({ clock, cpuMs: () => state.cpu, onBusy: () => state.began++ });
  return {
    state,
    stop: () => watching.cancel(),
    /** Lets seconds pass, in each of which the process works for so many milliseconds. */
    work: (...seconds: number[]) => {
      for (const ms of seconds) {
        state.cpu += ms;
        clock.advance(1_000);
      }
    },
  };
}

test("three busy seconds in a row are work, said once", () => {
  const { state, work } = watch();
  work(40, 40);
  expect(state.began).toBe(0);
  work(40);
  expect(state.began).toBe(1);
  work(500, 500, 500);
  expect(state.began).toBe(1);
});

test("a page that is opened now and then, or a little all the time, is not", () => {
  const { state, work } = watch();
  work(400, 400, 0, 400, 400, 29, 29, 29, 29, 29);
  expect(state.began).toBe(0);
});

test("nothing is said after the watch is over", () => {
  const { state, stop, work } = watch();
  stop();
  work(900, 900, 900, 900);
  expect(state.began).toBe(0);
});

/** A loop that is hot; the runtime says on its output what it compiled for that. */
const HOT_LOOP = `const add = (a, b) => a + b; let sum = 0; for (let n = 0; n < 3e7; n++) sum = add(sum, n);`;

async function compiledIn(program: string): Promise<boolean> {
  const module = JSON.stringify(new URL("hot-code.ts", import.meta.url).href);
  const text = `import { compileHotCode, deferHotCode } from ${module}; ${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--trace-opt", "--input-type=module", "-e", text]);
  return stdout.includes("completed compiling");
}

test("nothing that is hot is compiled until it may be", async () => {
  expect(await compiledIn(`deferHotCode(); ${HOT_LOOP}`)).toBe(false);
  expect(await compiledIn(`deferHotCode(); compileHotCode(); ${HOT_LOOP}`)).toBe(true);
}, 30_000);
