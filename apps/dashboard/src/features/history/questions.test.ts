import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { NOTHING_AROUND } from "./around.ts";
import type { HistoryAnswers, HistoryQuestion } from "./messages.ts";
import { createQuestions, type Ask } from "./questions.ts";

type Asked = { readonly question: HistoryQuestion; readonly answer: (text: string) => void; readonly fail: (error: Error) => void };

function start() {
  const clock = createFakeClock();
  const asked: Asked[] = [];
  const worker = ((question: HistoryQuestion) =>
    new Promise<unknown>((resolve, reject) => void asked.push({ question, answer: resolve, fail: reject }))) as Ask;
  return { clock, asked, ask: createQuestions({ clock, ask: worker }) };
}

function metric(serverId: number) {
  return { kind: "metric", serverId, metric: "cpu", period: "1d", now: 0, around: NOTHING_AROUND } as const;
}

/** Lets promises that are settled go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

test("equal questions share one answer; once it is there, the next one is asked anew", async () => {
  const { ask, asked } = start();
  const answers = [ask<"metric">(metric(1)), ask<"metric">(metric(1)), ask<"metric">(metric(2))];
  await settle();
  expect(asked).toHaveLength(2);
  for (const [index, { answer }] of asked.entries()) answer(`answer ${index}`);
  expect(await Promise.all(answers)).toEqual(["answer 0", "answer 0", "answer 1"]);
  void ask<"metric">(metric(1));
  await settle();
  expect(asked).toHaveLength(3);
});

test("eight are asked at once; the others wait for their turn, also behind one that fails", async () => {
  const { ask, asked } = start();
  const answers = Array.from({ length: 20 }, (_, id) => ask<"metric">(metric(id)).catch((error: Error) => error.message));
  await settle();
  expect(asked).toHaveLength(8);
  asked[0]?.answer("a");
  asked[1]?.fail(new Error("gone"));
  await settle();
  expect(asked).toHaveLength(10);
  for (let index = 2; index < 20; index++) {
    asked[index]?.answer("a");
    await settle();
  }
  expect((await Promise.all(answers)).filter((answer) => answer === "a")).toHaveLength(19);
});

test("nobody waits for longer than 30 seconds, and a question that is late is not asked", async () => {
  const { ask, asked, clock } = start();
  const answers = Array.from({ length: 9 }, (_, id) => ask<"metric">(metric(id)).then(String, (error: Error) => error.message));
  await settle();
  clock.advance(30_000);
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["history: the answer took too long"]));
  for (const { answer } of asked) answer("too late");
  await settle();
  expect(asked).toHaveLength(8);
  void ask<"metric">(metric(99));
  await settle();
  expect(asked.at(-1)?.question).toMatchObject({ serverId: 99 });
});

test("more than two thousand waiting questions are refused", async () => {
  const { ask } = start();
  for (let id = 0; id < 2_008; id++) ask<"metric">(metric(id)).catch(() => undefined);
  await expect(ask<"metric">(metric(9_999))).rejects.toThrow("too many questions");
});

test("what changes something does not wait", async () => {
  const { ask, asked } = start();
  for (let id = 0; id < 9; id++) ask<"metric">(metric(id)).catch(() => undefined);
  const flushed: Promise<HistoryAnswers["flush"]> = ask<"flush">({ kind: "flush" });
  const passed = asked.find(({ question }) => question.kind === "flush");
  passed?.answer("");
  expect(await flushed).toBe("");
});
