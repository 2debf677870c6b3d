import type { SystemFiles } from "../collect/files.ts";
import type { SensorFiles } from "../collect/linux/temperature.ts";

/** A file system of a few texts. Folders are there when something lies in them. */
export function fakeFiles(texts: Readonly<Record<string, string>>): SystemFiles & { readonly sensors: SensorFiles } {
  const names = (folder: string): string[] => {
    const below = Object.keys(texts).filter((path) => path.startsWith(`${folder}/`));
    return [...new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0] ?? ""))];
  };
  const text = (path: string): string | undefined => (Object.hasOwn(texts, path) ? texts[path] : undefined);
  return {
    text,
    names,
    exists: (path) => text(path) !== undefined || names(path).length > 0,
    sensors: { text: (path) => Promise.resolve(text(path)), names: (path) => Promise.resolve(names(path)) },
  };
}
