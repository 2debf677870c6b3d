import type { SiteGlobals } from "#shell/site-globals.ts";
import type { Sort } from "./list-model.ts";

/** Names of the official page's sorts (spec 50 section 3.5) and what they are here. */
const OFFICIAL: Readonly<Record<string, Sort>> = {
  default: "order",
  name: "name",
  uptime: "uptime",
  cpu: "cpu",
  mem: "memory",
  disk: "disk",
  up: "sending",
  down: "receiving",
};

/** The owner's custom code may ask for a sort; else problems come first. */
export function initialSort(globals: Pick<SiteGlobals, "sortType">): Sort {
  return OFFICIAL[globals.sortType ?? ""] ?? "problems";
}
