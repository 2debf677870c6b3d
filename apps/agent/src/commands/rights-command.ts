import { isMap, isScalar, parseDocument } from "yaml";
import { configDisk, configText, mergeSources } from "../config/index.ts";
import type { Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";
import { createGate, formatPermits, OWN_HEAD, OWN_MARK, rightsIn, rightsText } from "../gate/index.ts";
import type { Permits } from "../gate/index.ts";
import type { Clock } from "@windfire/kit";
import { changeRights, warningFor } from "./change-rights.ts";
import type { RightsChange } from "./change-rights.ts";

export interface RightsCommandDeps {
  readonly clock: Clock;
  readonly path: string;
  readonly print: (line: string) => void;
}

/** A running agent may write the same file at the same moment; then it is written once more. */
const ATTEMPTS = 5;
const SETTLE_MS = 100;

/** `windfire agent permits`, `permit` and `deny`. The error is for people. */
export async function runRightsCommand(deps: RightsCommandDeps, change: RightsChange | undefined): Promise<Outcome<undefined>> {
  const present = await readRights(deps);
  if (!present.ok) return present;
  if (change === undefined) {
    deps.print(`${deps.path} permits: ${rightsText(present.value)}`);
    return succeed(undefined);
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const next = await writeChange(deps, change);
    if (!next.ok) return next;
    await new Promise<void>((resolve) => deps.clock.setTimeout(resolve, SETTLE_MS));
    const found = await readRights(deps);
    if (!found.ok || rightsText(found.value) !== rightsText(next.value)) continue;
    deps.print(`${deps.path} permits now: ${rightsText(found.value)}`);
    const warning = change.verb === "permit" ? warningFor(found.value) : undefined;
    if (warning !== undefined) deps.print(warning);
    return succeed(undefined);
  }
  return fail(`${deps.path} is written by somebody else all the time`);
}

/** What the file permits. */
export async function readRights({ clock, path }: Pick<RightsCommandDeps, "clock" | "path">): Promise<Outcome<Permits>> {
  const content = configDisk.read(path);
  if (content === undefined) return fail(`there is no ${path}; name the agent's configuration with -c`);
  const values = await configText.parse(content);
  const rights = rightsIn(content, values ?? {});
  if (typeof rights === "string") return fail(rights);
  const config = mergeSources({ ...(values as Readonly<Record<string, unknown>> | null) }, {});
  if (!config.ok) return config;
  return succeed(createGate({ clock, hostRights: () => rights }).rights(config.value));
}

async function writeChange(deps: RightsCommandDeps, change: RightsChange): Promise<Outcome<Permits>> {
  const present = await readRights(deps);
  if (!present.ok) return present;
  const next = changeRights(present.value, change, deps.clock.now() / 1000);
  if (!next.ok) return next;
  const content = configDisk.read(deps.path) ?? "";
  configDisk.replace(deps.path, withPermits(content, next.value));
  return next;
}

/** Everything else in the file stays as it is, comments too; scalars are texts, so that a secret of digits keeps them all. */
function withPermits(content: string, permits: Permits): string {
  const document = parseDocument(content, { schema: "failsafe" });
  const { contents } = document;
  const entry = isMap(contents)
    ? contents.items.find(({ key }) => isScalar(key) && String(key.value).toLowerCase() === "permits")
    : undefined;
  const values = Object.fromEntries(Object.entries(formatPermits(permits)).map(([right, value]) => [right, String(value)]));
  if (entry === undefined) document.set("permits", document.createNode(values));
  else Object.assign(entry, { value: document.createNode(values) });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return text.startsWith(OWN_MARK) ? text : OWN_HEAD + text;
}
