import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** So many of the list count as common; it has the most common first. */
const MOST_COMMON = 10_000;

/** Whether a password, in whatever case, is among the 10 000 that people choose most. The list is read each time: it is asked for seldom. */
export async function isCommonPassword(password: string): Promise<boolean> {
  const path = createRequire(import.meta.url).resolve("@zxcvbn-ts/language-common/src/passwords.json");
  const list = JSON.parse(await readFile(path, "utf8")) as string[];
  return list.slice(0, MOST_COMMON).includes(password.toLowerCase());
}
