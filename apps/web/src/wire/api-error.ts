/** What went wrong between the page and the dashboard. */
export type ApiFailureKind = "refused" | "signed-out" | "forbidden" | "unreachable" | "broken";

/** `message` is the dashboard's own text when there is one, else a short technical one. */
export class ApiFailure extends Error {
  readonly kind: ApiFailureKind;

  constructor(kind: ApiFailureKind, message: string) {
    super(message);
    this.name = "ApiFailure";
    this.kind = kind;
  }
}

/** Not signed in, whatever the way it was said. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiFailure && error.kind === "signed-out";
}
