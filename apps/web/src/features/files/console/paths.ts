/** Agents on Windows answer with backslashes. */
const separatorOf = (path: string): string => (path.includes("\\") && !path.startsWith("/") ? "\\" : "/");

/** A folder's path with its separator at the end. */
export function asFolder(path: string): string {
  const separator = separatorOf(path);
  return path === "" || path.endsWith(separator) ? path : path + separator;
}

export const within = (folder: string, name: string): string => asFolder(folder) + name;

/** The folder above; `undefined` at the top. */
export function parentOf(path: string): string | undefined {
  const separator = separatorOf(path);
  const parts = path.split(separator).filter((part) => part !== "");
  if (parts.length === 0 || (separator === "\\" && parts.length === 1)) return undefined;
  const above = parts.slice(0, -1).join(separator);
  return separator === "/" ? `/${above}${above === "" ? "" : "/"}` : `${above}${separator}`;
}

export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** The folders that lead to a path, from the top. */
export function crumbsOf(path: string): Crumb[] {
  const separator = separatorOf(path);
  const root = separator === "/" ? [{ name: "/", path: "/" }] : [];
  let at = separator === "/" ? "/" : "";
  const parts = path.split(separator).filter((part) => part !== "");
  return [
    ...root,
    ...parts.map((name) => {
      at += name + separator;
      return { name, path: at };
    }),
  ];
}

/** Whether what was read is what was asked for. */
export const samePlace = (asked: string, read: string): boolean => asked === "" || asFolder(asked) === asFolder(read);
