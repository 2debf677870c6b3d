import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createFirstScreen } from "./first-screen.ts";

function open(answer: (data: string) => Promise<string>) {
  const clock = createFakeClock(0);
  const asked: string[] = [];
  const site = { name: "Site" };
  const errors: unknown[] = [];
  const draw = createFirstScreen({
    clock,
    draw: async (data) => {
      asked.push(data);
      return answer(data);
    },
    edition: () => site.name,
    onError: (error) => errors.push(error),
  });
  return { clock, site, asked, errors, draw };
}

test("however many visitors come at once or soon after, it is drawn once in two seconds, and each gets the data it was drawn from", async () => {
  const { clock, asked, draw } = open(async (data) => `<p>${data}</p>`);
  const first = { html: "<p>a</p>", data: "a" };
  expect(await Promise.all([draw("a"), draw("b")])).toEqual([first, first]);
  clock.advance(1_999);
  expect(await draw("c")).toEqual(first);
  clock.advance(1);
  expect(await draw("d")).toEqual({ html: "<p>d</p>", data: "d" });
  expect(asked).toEqual(["a", "d"]);
});

test("a site that is called something else is drawn anew at once", async () => {
  const { site, draw, asked } = open(async (data) => data);
  await draw("a");
  site.name = "New";
  expect(await Promise.all([draw("b"), draw("c")])).toEqual([
    { html: "b", data: "b" },
    { html: "b", data: "b" },
  ]);
  expect(asked).toEqual(["a", "b"]);
});

test("a page comes without it when it cannot be drawn, and the reason is told", async () => {
  const { errors, draw } = open(async () => {
    throw new Error("not built");
  });
  expect(await draw("a")).toEqual({ html: "", data: "a" });
  expect(errors).toEqual([new Error("not built")]);
});

test("one that would keep the script waiting is left out", async () => {
  expect(await open(async () => "x".repeat(200_001)).draw("a")).toEqual({ html: "", data: "a" });
  expect((await open(async () => "x".repeat(200_000)).draw("a")).html).toHaveLength(200_000);
});
