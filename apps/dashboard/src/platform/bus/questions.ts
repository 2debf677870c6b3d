import type { Clock, Timer } from "@windfire/kit";

/** Questions that are open at once. */
const MOST_OPEN = 10_000;

export type Answer = Uint8Array | "no-answer";

interface Open {
  readonly settle: (answer: Answer) => void;
  readonly timer: Timer;
}

/** Questions to other replicas that wait for their answers, by number. */
export function createQuestions(clock: Pick<Clock, "setTimeout">) {
  const open = new Map<number, Open>();
  const settle = (number: number, answer: Answer): void => {
    const question = open.get(number);
    if (!question) return;
    open.delete(number);
    question.timer.cancel();
    question.settle(answer);
  };
  return {
    get hasRoom() {
      return open.size < MOST_OPEN;
    },
    wait(number: number, timeoutMs: number): Promise<Answer> {
      return new Promise((resolve) => {
        const timer = clock.setTimeout(() => settle(number, "no-answer"), timeoutMs).unref();
        open.set(number, { settle: resolve, timer });
      });
    },
    settle,
    giveUp(): void {
      for (const number of open.keys()) settle(number, "no-answer");
    },
  };
}
