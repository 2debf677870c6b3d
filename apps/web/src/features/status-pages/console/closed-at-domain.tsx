import type { StatusPage } from "@windfire/api";
import { useFormats } from "#lib/formats.ts";
import { Note } from "#ui/banner.tsx";

/** Says that a page's own domain shows it to nobody, where that is so. */
export function ClosedAtDomain({ page: { domain, visibility } }: { readonly page: Pick<StatusPage, "domain" | "visibility"> }) {
  const { t } = useFormats();
  if (domain === "" || (visibility !== "link" && visibility !== "session")) return null;
  return <Note state="warn">{t("statusPages.closedAtDomain", { domain })}</Note>;
}
