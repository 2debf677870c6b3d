/** Billing and plan that owners write into `public_note` as JSON (spec 50 section 3.12). */
export interface Plan {
  /** `"free"`, `"usage"`, or a price as written. */
  readonly price: "free" | "usage" | { readonly amount: string; readonly cycle: Cycle | undefined } | undefined;
  /** Whole days to the end or the next renewal; negative after it. `"never"`: no end. */
  readonly days: number | "never" | undefined;
  readonly renewsAt: number | undefined;
  readonly bandwidth: string | undefined;
  readonly traffic: string | undefined;
  /** Short facts: IP versions, routes, extras. */
  readonly tags: readonly string[];
}

export type Cycle = "month" | "quarter" | "half" | "year";

const DAY = 86_400_000;
const MONTHS: Readonly<Record<Cycle, number>> = { month: 1, quarter: 3, half: 6, year: 12 };
const ALIASES: Readonly<Record<string, Cycle>> = Object.fromEntries(
  (
    [
      ["month", "月 m mo month monthly"],
      ["quarter", "季 q qr quarterly"],
      ["half", "半 半年 h half semi-annually"],
      ["year", "年 y yr year annual"],
    ] as const
  ).flatMap(([cycle, words]) => words.split(" ").map((word) => [word, cycle])),
);

/** `undefined` for a note that is no such JSON: it is shown as the text it is. */
export function parsePlan(note: string, now: number): Plan | undefined {
  const root = parseObject(note);
  if (root === undefined) return undefined;
  const billing = objectAt(root, "billingDataMod");
  const plan = objectAt(root, "planDataMod");
  if (billing === undefined && plan === undefined) return undefined;
  const cycle = cycleOf(text(billing, "cycle"));
  return {
    price: priceOf(text(billing, "amount"), cycle),
    ...renewal(text(billing, "endDate"), text(billing, "autoRenewal") === "1", cycle ?? "month", now),
    bandwidth: text(plan, "bandwidth"),
    traffic: text(plan, "trafficVol"),
    tags: tagsOf(plan),
  };
}

function priceOf(amount: string | undefined, cycle: Cycle | undefined): Plan["price"] {
  if (amount === undefined) return undefined;
  if (amount === "0") return "free";
  return amount === "-1" ? "usage" : { amount, cycle };
}

function cycleOf(word: string | undefined): Cycle | undefined {
  return word === undefined ? undefined : ALIASES[word.toLowerCase()];
}

function renewal(end: string | undefined, renews: boolean, cycle: Cycle, now: number): Pick<Plan, "days" | "renewsAt"> {
  if (end === undefined) return { days: undefined, renewsAt: undefined };
  if (end.startsWith("0000-00-00")) return { days: "never", renewsAt: undefined };
  const written = Date.parse(end);
  if (Number.isNaN(written)) return { days: undefined, renewsAt: undefined };
  const at = renews ? nextRenewal(written, cycle, now) : written;
  return { days: Math.ceil((at - now) / DAY), renewsAt: at };
}

/** Adds whole cycles until the moment is to come. A month's last days stay within their month. */
function nextRenewal(written: number, cycle: Cycle, now: number): number {
  const start = new Date(written);
  const months = MONTHS[cycle];
  const passed = (new Date(now).getUTCFullYear() - start.getUTCFullYear()) * 12 + new Date(now).getUTCMonth() - start.getUTCMonth();
  let steps = Math.max(0, Math.floor(passed / months) - 1);
  let at = addMonths(start, steps * months);
  while (at <= now) {
    steps += 1;
    at = addMonths(start, steps * months);
  }
  return at;
}

function addMonths(start: Date, months: number): number {
  const target = new Date(start);
  target.setUTCDate(1);
  target.setUTCMonth(start.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(start.getUTCDate(), lastDay));
  return target.getTime();
}

function tagsOf(plan: Fields | undefined): string[] {
  const versions = (["IPv4", "IPv6"] as const).filter((version) => text(plan, version) === "1");
  const lists = ["networkRoute", "extra"].flatMap((key) => (text(plan, key) ?? "").split(","));
  return [...versions, ...lists.map((item) => item.trim()).filter((item) => item !== "")];
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(note: string): Fields | undefined {
  if (!note.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(note);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectAt(fields: Fields, key: string): Fields | undefined {
  const value = fields[key];
  return isFields(value) ? value : undefined;
}

function text(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
