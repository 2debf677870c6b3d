/** The file to run as a program: packed where that is as new as its sources. */
export function programFile(
  name: "agent" | "dashboard" | "reset-password",
  root?: string,
): { readonly file: string; readonly packed: boolean };
