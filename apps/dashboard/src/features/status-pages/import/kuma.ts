import { StatusPageForm } from "@windfire/api";
import type { PagePartRef } from "@windfire/api";

type Row = Readonly<Record<string, unknown>>;

/** What is read of a database of Uptime Kuma: rows of a table, as SQLite gives them. */
export interface KumaTables {
  /** Rows of `status_page`, `group` and `monitor_group`. */
  rows(table: "group" | "monitor_group" | "status_page"): readonly Row[];
}

/** A page as it can be sent to `POST /status-page`, and what of it has no place here. */
export interface KumaPage {
  readonly form: StatusPageForm;
  readonly notes: readonly string[];
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const TITLE = 120;

/**
 * Status pages of Uptime Kuma 1.23 and 2: address, title, texts, whether they are published; groups and their monitors in their order.
 * Passwords cannot be taken over (a page with one is not published), styles, scripts of visitors' counters and pictures are left out.
 *
 * @param partOf the service that a monitor has become; undefined: there is none
 */
export function kumaPages(tables: KumaTables, partOf: (monitorId: number) => PagePartRef | undefined): KumaPage[] {
  const groups = tables.rows("group");
  const members = tables.rows("monitor_group");
  return tables.rows("status_page").map((page) => {
    const notes: string[] = [];
    const title = text(page["title"]).slice(0, TITLE) || "Status";
    const called = `status page ${JSON.stringify(title)}`;
    const hasPassword = text(page["password"]) !== "";
    if (hasPassword) notes.push(`${called}: its password is entered anew, and it is not published until then`);
    if (text(page["custom_css"]).trim() !== "") notes.push(`${called}: styles of its own are left out`);
    const seen = new Set<string>();
    const form = StatusPageForm.parse({
      slug: slugOf(text(page["slug"])),
      title,
      intro: text(page["description"]).slice(0, 1000),
      footer: text(page["footer_text"]).slice(0, 1000),
      published: Number(page["published"]) === 1 && !hasPassword,
      groups: inOrder(groups.filter((group) => Number(group["status_page_id"]) === Number(page["id"]))).map((group) => ({
        name: text(group["name"]).slice(0, TITLE),
        parts: inOrder(members.filter((member) => Number(member["group_id"]) === Number(group["id"]))).flatMap((member) => {
          const part = partOf(Number(member["monitor_id"]));
          const key = part === undefined ? "" : `${part.kind} ${part.id}`;
          if (part === undefined) notes.push(`${called}: monitor ${text(member["monitor_id"])} has no service here`);
          if (part === undefined || seen.has(key)) return [];
          seen.add(key);
          return [part];
        }),
      })),
    });
    return { form, notes };
  });
}

/** By weight, then as they were made. */
function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => Number(a["weight"]) - Number(b["weight"]) || Number(a["id"]) - Number(b["id"]));
}

/** Addresses of Kuma are nearly ours. */
function slugOf(slug: string): string {
  const clean = slug
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return clean.slice(0, 64).replace(/-$/, "") || "status";
}
