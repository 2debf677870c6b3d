import type { Database } from "#platform/database";
import { mortalDatabase } from "#platform/database/testing";
import type { Scene } from "./scene.ts";

/** When processes end: before or after any call of the database. */
export class Fate {
  #life = { isOver: false };
  #left: number | undefined;
  deaths = 0;

  get isOver(): boolean {
    return this.#life.isOver;
  }

  strikeAfter(calls: number): void {
    this.#left = calls;
  }

  spare(): void {
    this.#left = undefined;
  }

  readonly wrap = (database: Database): Database => {
    const life = { isOver: false };
    this.#life = life;
    const call = (): void => {
      if (life.isOver) throw new Error("the process is gone");
      if (this.#left === undefined || this.#left-- > 0) return;
      life.isOver = true;
      throw new Error("killed");
    };
    return mortalDatabase(database, call);
  };

  async rise(scene: Scene, awayMs: number): Promise<void> {
    this.#life.isOver = true;
    this.#left = undefined;
    this.deaths++;
    await scene.restart({ killed: true, awayMs });
  }
}
