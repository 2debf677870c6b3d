import { useNavigate } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { STORAGE_KEYS } from "#lib/storage.ts";
import type { ConsolePage } from "#shell/console/pages.ts";
import { PaletteDialog } from "#shell/palette/palette-dialog.tsx";
import { useEntries } from "./use-entries.ts";

interface PaletteProps {
  readonly pages: readonly ConsolePage[];
  readonly onClose: () => void;
}

/** Goes anywhere in the console by name. */
export function Palette({ pages, onClose }: PaletteProps) {
  const { t } = useFormats();
  const navigate = useNavigate();
  return (
    <PaletteDialog
      entries={useEntries(pages)}
      placeholder={t("palette.placeholder")}
      remembered={STORAGE_KEYS.recentPlaces}
      onOpen={({ to, search }) => void navigate({ to, search })}
      onClose={onClose}
    />
  );
}
