/**
 * A refusal that the caller is meant to read. The HTTP layer answers it as `{"success":false,"error":…}`, with status 200 unless
 * `status` says otherwise (spec 10 section 4.3). `cause` is logged, never shown.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  /** Message id with printf placeholders (spec 10 section 16), or literal text when `translate` is false. */
  readonly messageId: string;
  readonly args: readonly (string | number)[];
  readonly translate: boolean;
  readonly status: number;
  /** Headers of the answer besides the usual ones; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(messageId: string, args: readonly (string | number)[] = [], options: AppErrorOptions = {}) {
    super(messageId, { cause: options.cause });
    this.messageId = messageId;
    this.args = args;
    this.translate = options.translate ?? true;
    this.status = options.status ?? 200;
    this.headers = options.headers ?? {};
  }
}

export interface AppErrorOptions {
  translate?: boolean;
  status?: number;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** Error from the translated catalogue: `throw refuse("server id %d does not exist", id)`. */
export function refuse(messageId: string, ...args: (string | number)[]): AppError {
  return new AppError(messageId, args);
}

/** Error whose text is given as is, never translated. */
export function refuseText(text: string, status = 200, headers: Readonly<Record<string, string>> = {}): AppError {
  return new AppError(text, [], { translate: false, status, headers });
}
