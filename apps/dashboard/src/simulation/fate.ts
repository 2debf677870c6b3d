import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import { mortalDatabase } from "#platform/database/testing";
import type { CallMoment } from "#platform/database/testing";

/**
 * When processes end: before or after any call of the database. And which calls are refused once, as by a full disk or by somebody else
 * who writes: the process goes on.
 */
export class Fate {
  #life = { isOver: false };
  #leftToDeath: number | undefined;
  #leftToRefusal: number | undefined;
  readonly #now: () => number;
  /** When processes ended, in order or not, and when calls were refused; Unix milliseconds. */
  readonly disturbed: number[] = [];
  readonly #away: { readonly from: number; readonly to: number }[] = [];
  deaths = 0;
  refusals = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isOver(): boolean {
    return this.#life.isOver;
  }

  strikeAfter(calls: number): void {
    this.#leftToDeath = calls;
  }

  refuseAfter(calls: number): void {
    this.#leftToRefusal = calls;
  }

  spare(): void {
    this.#leftToDeath = undefined;
    this.#leftToRefusal = undefined;
  }

  /** Whether something else than an engine's own doing may have kept it from its work between two moments. */
  wasDisturbed(from: number, to: number): boolean {
    const isAway = this.#away.some((away) => away.from <= to && away.to >= from);
    return isAway || this.disturbed.some((at) => at >= from && at <= to);
  }

  /** Another process begins after one that ended at a moment: nobody did anything in between. */
  begin(endedAt: number): void {
    this.#away.push({ from: endedAt, to: this.#now() });
  }

  readonly wrap = (database: Database): Database => {
    const life = { isOver: false };
    this.#life = life;
    return mortalDatabase(database, (moment) => {
      if (life.isOver) throw new Error("the process is gone");
      this.#refuse(moment);
      if (moment === "commit" || this.#leftToDeath === undefined || this.#leftToDeath-- > 0) return;
      life.isOver = true;
      this.disturbed.push(this.#now());
      throw new Error("killed");
    });
  };

  /** What is done cannot be refused any more. */
  #refuse(moment: CallMoment): void {
    if (moment === "done" || this.#leftToRefusal === undefined || this.#leftToRefusal-- > 0) return;
    this.#leftToRefusal = undefined;
    this.refusals++;
    this.disturbed.push(this.#now());
    throw new DatabaseError(this.refusals % 2 === 0 ? "full" : "busy", "refused");
  }

  /** The process that runs is no more: nothing of it reaches the database. */
  end(isKilled: boolean): void {
    this.#life.isOver = true;
    this.spare();
    this.disturbed.push(this.#now());
    if (isKilled) this.deaths++;
  }
}
