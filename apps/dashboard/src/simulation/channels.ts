import { OutboundError } from "#platform/outbound";
import type { OutboundAnswer, OutboundRequest } from "#platform/outbound";

/** What somebody outside answers: a status; nothing until we give up; or it takes what it is sent and the answer is lost. */
export type Mood = number | "hangs" | "lost";
export const MOODS = [200, 200, 200, 503, "hangs", "lost"] as const;

/** A message that a channel took. */
export interface Taken {
  /** Unix milliseconds. */
  readonly at: number;
  readonly channelId: number;
  readonly text: string;
}

/** What the channels of a run are like and what they took. Requests go to `http://h/` and the channel's id. */
export class Channels {
  readonly taken: Taken[] = [];
  readonly #moods = new Map<number, Mood>();
  readonly #unheard: number[] = [];
  readonly #hanging = new Map<number, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  set(channelId: number, mood: Mood): void {
    this.#moods.set(channelId, mood);
  }

  /** Messages that a channel took and whose answers were lost. */
  unheard(channelId: number): number {
    return this.#unheard.filter((id) => id === channelId).length;
  }

  /** Requests that hang. */
  hanging(channelId: number): number {
    return this.#hanging.get(channelId) ?? 0;
  }

  async send({ url, body = "", signal }: OutboundRequest): Promise<OutboundAnswer> {
    const channelId = Number(new URL(url).pathname.slice(1));
    const mood = this.#moods.get(channelId) ?? 200;
    if (mood === "hangs") {
      this.#hanging.set(channelId, this.hanging(channelId) + 1);
      await givenUp(signal).finally(() => this.#hanging.set(channelId, this.hanging(channelId) - 1));
    }
    if (mood === 200 || mood === "lost") this.taken.push({ at: this.#now(), channelId, text: String(body) });
    if (mood === "lost") this.#unheard.push(channelId);
    if (typeof mood !== "number") throw lostAnswer();
    return { status: mood, reason: "", body: "" };
  }
}

/** Until somebody gives up. */
export async function givenUp(signal: AbortSignal | undefined): Promise<never> {
  await new Promise<void>((resolve) => {
    signal?.addEventListener("abort", () => resolve());
  });
  throw lostAnswer();
}

export function lostAnswer(): OutboundError {
  return new OutboundError("timeout", "no whole answer in time", { written: true });
}
