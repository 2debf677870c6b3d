/** Whether an error carries this code of the operating system. */
export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** The text of whatever was thrown. */
export function faultText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
