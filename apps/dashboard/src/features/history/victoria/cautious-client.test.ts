import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createCautiousClient } from "./cautious-client.ts";
import { VictoriaError } from "./client.ts";
import type { VictoriaCall, VictoriaClient } from "./client.ts";

const silence = new VictoriaError("VictoriaMetrics at http://x cannot be reached: ECONNREFUSED", { isUnanswered: true });
const refusal = new VictoriaError("VictoriaMetrics at http://x answered 422", { status: 422 });
const QUESTION: VictoriaCall = { path: "/api/v1/export", params: {}, deadlineMs: 1_000, mostBytes: 10 };

/** A client that is asked for what a test says, and counts. */
function bench() {
  const time = { now: 1_000, monotonic: 0 };
  const asked = { questions: 0, looks: 0 };
  const outcomes: Record<keyof typeof asked, Error | "never" | undefined> = { questions: undefined, looks: undefined };
  const clientOf = (kind: keyof typeof asked): VictoriaClient => ({
    call: () => {
      asked[kind]++;
      const error = outcomes[kind];
      if (error === "never") return new Promise(() => undefined);
      return error === undefined ? Promise.resolve(Buffer.from("good")) : Promise.reject(error);
    },
    close: () => undefined,
  });
  const client = createCautiousClient({ client: clientOf("questions"), looks: clientOf("looks"), time });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const pass = (ms: number): Promise<void> => {
    time.now += ms;
    time.monotonic += ms;
    client.beat();
    return settled();
  };
  return { client, time, asked, outcomes, pass, settled };
}

test("while nobody answers questions fail at once, and one look in three seconds goes out until somebody does", async () => {
  const { client, asked, outcomes, pass, settled } = bench();
  outcomes.questions = silence;
  outcomes.looks = silence;
  await expect(client.call(QUESTION)).rejects.toBe(silence);
  await settled();
  expect(client).toMatchObject({ failure: silence.message, failedAt: 1_000 });
  for (let times = 0; times < 10; times++) await expect(client.call(QUESTION)).rejects.toBe(silence);
  expect(asked).toEqual({ questions: 1, looks: 1 });
  for (let second = 0; second < 9; second++) await pass(1_000);
  expect(asked).toEqual({ questions: 1, looks: 4 });
  expect(client.failedAt).toBe(1_000);
  outcomes.questions = undefined;
  outcomes.looks = undefined;
  await pass(3_000);
  expect(client).toMatchObject({ failure: "", failedAt: undefined });
  expect(String(await client.call(QUESTION))).toBe("good");
});

test("who waits is told as soon as a look says that nobody is there, and waits on where somebody is", async () => {
  const { client, asked, outcomes, pass } = bench();
  outcomes.questions = "never";
  const patient = client.call(QUESTION);
  const told: unknown[] = [];
  patient.catch((error: unknown) => told.push(error));
  await pass(2_000);
  expect(asked.looks).toBe(0);
  await pass(1_000);
  expect([asked.looks, told]).toEqual([1, []]);
  outcomes.looks = silence;
  await pass(3_000);
  expect([asked.looks, told]).toEqual([2, [silence]]);
});

test("a question without an answer is the question's fault where a look is answered, and so is an error that is answered", async () => {
  const { client, asked, outcomes, settled } = bench();
  outcomes.questions = silence;
  await expect(client.call(QUESTION)).rejects.toBe(silence);
  await settled();
  expect(client.failure).toBe("");
  outcomes.questions = refusal;
  await expect(client.call(QUESTION)).rejects.toBe(refusal);
  expect([client.failure, asked.looks]).toEqual(["", 1]);
});

test("whoever says no to the look is there", async () => {
  const { client, outcomes, settled } = bench();
  outcomes.questions = silence;
  outcomes.looks = refusal;
  await expect(client.call(QUESTION)).rejects.toBe(silence);
  await settled();
  expect(client.failure).toBe("");
});

test("a question that was answered leaves nothing behind", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const { client, settled } = bench();
  const heapAfter = async (questions: number): Promise<number> => {
    for (let asked = 0; asked < questions; asked++) await client.call(QUESTION);
    await settled();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(1_000);
  expect((await heapAfter(100_000)) - before).toBeLessThan(5_000_000);
  // What it is asked through has to be there all the while.
  expect(client.failure).toBe("");
});
