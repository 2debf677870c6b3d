import { EllipsisVertical } from "lucide-react";
import type { ReactNode } from "react";
import { useFormats } from "#lib/formats.ts";
import { IconButton } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";

/** What else can be done with a row, behind three dots at its end. `name`: of the row. */
export function MoreMenu({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const { t } = useFormats();
  const label = t("servers.more", { name });
  return (
    <Menu
      label={label}
      button={(trigger) => (
        <IconButton label={label} {...trigger}>
          <EllipsisVertical className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    >
      {children}
    </Menu>
  );
}
