/** An answer that comes with a warning: `"warning"` beside `data` in the envelope. What was asked for is done. */
export class Warned<T> {
  readonly data: T;
  readonly warning: string;

  constructor(data: T, warning: string) {
    this.data = data;
    this.warning = warning;
  }
}
