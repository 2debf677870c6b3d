import { Link } from "@tanstack/react-router";
import { Megaphone } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { useList } from "#shell/console/queries.ts";
import { Changing } from "#shell/console/rights.tsx";
import { Button } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";

/** Ways from an incident of the engine to telling the readers of a page about it; nothing where there are no pages. */
export function TellReaders({ incidentId }: { readonly incidentId: number }) {
  const { t } = useFormats();
  const { rows } = useList("/status-page");
  if (rows.length === 0) return null;
  return (
    <Changing>
      <Menu
        label={t("statusPages.tell")}
        button={(trigger) => (
          <Button size="small" {...trigger}>
            <Megaphone className="size-4" aria-hidden="true" />
            {t("statusPages.tell")}
          </Button>
        )}
      >
        {rows.map(({ id, title }) => (
          <Link key={id} to="/status-page/$id/incident" params={{ id: String(id) }} search={{ new: "1", from: String(incidentId) }}>
            {title}
          </Link>
        ))}
      </Menu>
    </Changing>
  );
}
