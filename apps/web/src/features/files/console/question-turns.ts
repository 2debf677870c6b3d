/** What waits for frames: the question that is being answered. */
export interface Reader {
  readonly frame: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly fail: (error: Error) => void;
}

/** One question at a time, in order. */
export interface QuestionTurns {
  /** Asks when all earlier questions are answered; `question` gives what takes the frames until `done` or `fail`. */
  ask<T>(question: (done: (value: T) => void, fail: (error: Error) => void) => Reader["frame"]): Promise<T>;
  frame(bytes: Uint8Array<ArrayBuffer>): void;
  /** No further frames come: what is asked fails, now and later. */
  end(reason: string): void;
  readonly isOver: boolean;
}

/** See {@link QuestionTurns}. */
export function createQuestionTurns(): QuestionTurns {
  let last: Promise<unknown> = Promise.resolve();
  let reader: Reader | undefined;
  let over: Error | undefined;
  return {
    ask<T>(question: (done: (value: T) => void, fail: (error: Error) => void) => Reader["frame"]): Promise<T> {
      const turn = last.then(
        () =>
          new Promise<T>((resolve, reject) => {
            if (over !== undefined) return reject(over);
            const settle =
              <A>(end: (value: A) => void) =>
              (value: A) => {
                reader = undefined;
                end(value);
              };
            const fail = settle(reject);
            const frame = question(settle(resolve), fail);
            reader = { frame, fail };
          }),
      );
      last = turn.catch(() => undefined);
      return turn;
    },
    frame: (bytes) => reader?.frame(bytes),
    end(reason) {
      over ??= new Error(reason);
      reader?.fail(over);
    },
    get isOver() {
      return over !== undefined;
    },
  };
}
