/** A process that ended does nothing any more. */
export class GoneError extends Error {
  override readonly name = "GoneError";

  constructor() {
    super("the process is gone");
  }
}

/** Whether a process of a run runs, stands still, or has ended: whatever goes in or out of it asks here. */
export class Life {
  #state: "runs" | "stands" | "over" = "runs";
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  get runs(): boolean {
    return this.#state === "runs";
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Resolves when it runs. @throws {GoneError} */
  async running(): Promise<void> {
    if (this.isOver) throw new GoneError();
    if (this.#state === "stands") await new Promise<void>((resolve, reject) => void this.#waiting.push({ resolve, reject }));
  }

  stand(): void {
    if (!this.isOver) this.#state = "stands";
  }

  goOn(): void {
    if (this.isOver) return;
    this.#state = "runs";
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  end(): void {
    this.#state = "over";
    for (const { reject } of this.#waiting.splice(0)) reject(new GoneError());
  }
}
