export interface CustomLink {
  readonly name: string;
  readonly link: string;
}

/** What custom code of a public site may set on `window` (spec 50 section 3.13), as far as these pages have a place for it. */
export interface SiteGlobals {
  readonly background: string | undefined;
  readonly mobileBackground: string | undefined;
  readonly logo: string | undefined;
  readonly description: string | undefined;
  readonly links: readonly CustomLink[];
  readonly theme: "light" | "dark" | undefined;
  /** Rows instead of cards at first. */
  readonly inline: boolean;
  readonly sortType: string | undefined;
  readonly sortOrder: "asc" | "desc" | undefined;
}

export function readSiteGlobals(window: object): SiteGlobals {
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(window, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const theme = text("ForceTheme");
  const order = text("ForceSortOrder");
  return {
    background: text("CustomBackgroundImage"),
    mobileBackground: text("CustomMobileBackgroundImage"),
    logo: text("CustomLogo"),
    description: text("CustomDesc"),
    links: readLinks(text("CustomLinks")),
    theme: theme === "light" || theme === "dark" ? theme : undefined,
    inline: Reflect.get(window, "ForceCardInline") === true,
    sortType: text("ForceSortType"),
    sortOrder: order === "asc" || order === "desc" ? order : undefined,
  };
}

/** `[{"name":"Blog","link":"https://…"}]`; anything else is no link. Only web addresses, so that none runs as a script. */
function readLinks(text: string | undefined): CustomLink[] {
  if (text === undefined) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isLink) : [];
  } catch {
    return [];
  }
}

function isLink(value: unknown): value is CustomLink {
  if (typeof value !== "object" || value === null) return false;
  const link: unknown = Reflect.get(value, "link");
  return typeof Reflect.get(value, "name") === "string" && typeof link === "string" && /^(?:https?:|mailto:|\/(?!\/)|#)/i.test(link);
}
