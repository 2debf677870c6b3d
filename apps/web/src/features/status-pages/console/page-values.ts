import type { StatusPage, StatusPageForm } from "@windfire/api";

/** A page as its form holds it: what goes out as it is. The password is only ever written. */
export type PageValues = StatusPageForm;
export type PageGroup = PageValues["groups"][number];
export type PagePart = PageGroup["parts"][number];
export type PageTexts = NonNullable<PageValues["texts"][PageValues["language"]]>;

const SLUG = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;
const LINK = /^(https?:\/\/|mailto:)\S+$/;

export function readPage(page: StatusPage): PageValues {
  const { id: _id, owner_id: _owner, has_password: _has, domain: _domain, path: _path, ...rest } = page;
  const { indicator: _state, open_incidents: _open, subscribers: _people, created_at: _created, updated_at: _updated, ...values } = rest;
  return { ...values, password: "" };
}

/** A new page: everybody reads it once it is published. */
export function newPage(title: string, slug: string, language: PageValues["language"]): PageValues {
  return {
    slug,
    title,
    language,
    published: false,
    intro: "",
    footer: "",
    texts: {},
    logo: "",
    logo_dark: "",
    accent: "",
    accent_dark: "",
    ground: "",
    ground_dark: "",
    groups: [],
    history_days: 90,
    values: "states",
    visibility: "public",
    password: "",
    links: [],
    zone: "",
    subscribe_email: false,
    subscribe_webhook: false,
  };
}

/** An address made of a title: "Our shop" becomes `our-shop`. */
export function slugOf(title: string): string {
  return title
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, "");
}

export const isSlug = (text: string): boolean => SLUG.test(text);

/** Keys of what is wrong, by field. */
export function checkPage(values: PageValues, hasPassword: boolean): Partial<Record<keyof PageValues, string>> {
  const wrong: Partial<Record<keyof PageValues, string>> = {};
  if (values.title.trim() === "") wrong.title = "form.required";
  if (!isSlug(values.slug)) wrong.slug = "statusPages.slugWrong";
  if (values.visibility === "password" && values.password === "" && !hasPassword) wrong.password = "form.required";
  if (values.links.some(({ title, url }) => title.trim() === "" || !LINK.test(url))) wrong.links = "statusPages.linkWrong";
  if (values.groups.some(({ name }) => name.trim() === "")) wrong.groups = "statusPages.groupNameNeeded";
  return wrong;
}

/** The entry at `index` moved by `step`; the same list where that leads past an end. */
export function moved<T>(list: readonly T[], index: number, step: -1 | 1): T[] {
  const copy = [...list];
  const [entry] = copy.splice(index, 1);
  const target = index + step;
  if (entry === undefined || target < 0 || target >= list.length) return [...list];
  copy.splice(target, 0, entry);
  return copy;
}
