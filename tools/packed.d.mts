/** The file to run as a program: packed where that is as new as its sources. */
export function programFile(name: string, root?: string): { readonly file: string; readonly packed: boolean };
