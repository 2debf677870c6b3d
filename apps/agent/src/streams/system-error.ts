import { getSystemErrorMessage } from "node:util";

/** `no such file or directory` and the like, without path and call. */
export function systemErrorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EISDIR") return "is a directory";
  if ("errno" in error && typeof error.errno === "number") return getSystemErrorMessage(error.errno);
  return error.message;
}
