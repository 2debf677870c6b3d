import type { Database } from "#platform/database";
import type { KyselyPlugin } from "kysely";
import type { Scene } from "./scene.ts";

/**
 * When processes end: before or after any call of the database. A statement of a transaction is undone with it; a commit may be there, and nobody has
 * heard of it.
 */
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
    const mortal: KyselyPlugin = {
      transformQuery: ({ node }) => {
        call();
        return node;
      },
      transformResult: async ({ result }) => {
        call();
        return result;
      },
    };
    const change: Database["change"] = async (verb) => {
      call();
      const value = await database.change((tx, changes) => verb(tx.withPlugin(mortal), changes));
      // What is committed is there.
      call();
      return value;
    };
    const transaction: Database["transaction"] = async (run) => {
      call();
      const value = await database.transaction((tx) => run(tx.withPlugin(mortal)));
      call();
      return value;
    };
    // All other members are the database's own.
    return Object.create(database, {
      change: { value: change },
      transaction: { value: transaction },
      kysely: { value: database.kysely.withPlugin(mortal) },
    }) as Database;
  };

  async rise(scene: Scene, awayMs: number): Promise<void> {
    this.#life.isOver = true;
    this.#left = undefined;
    this.deaths++;
    await scene.restart({ killed: true, awayMs });
  }
}
