import { Download } from "lucide-react";
import { useFormats } from "#lib/formats.ts";
import { saveBlob, saveText } from "#lib/save-text.ts";
import { IconButton } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";
import type { TimeChartProps } from "./chart-data.ts";
import { chartCsv, chartPicture, fileName } from "./save-chart.ts";

interface ChartMenuProps {
  readonly chart: Pick<TimeChartProps, "title" | "grid" | "series" | "window">;
  /** What is drawn; `undefined` while the chart is a table. */
  readonly canvas: () => HTMLCanvasElement | undefined;
}

/** Saves what a chart shows: its numbers or its picture. */
export function ChartMenu({ chart: { title, grid, series, window }, canvas }: ChartMenuProps) {
  const { t } = useFormats();
  const savePicture = async () => {
    const drawn = canvas();
    const blob = drawn === undefined ? null : await chartPicture(drawn, title, getComputedStyle(document.documentElement));
    if (blob !== null) saveBlob(fileName(title, "png"), blob);
  };
  return (
    <Menu
      label={t("chart.save", { title })}
      button={(trigger) => (
        <IconButton label={t("chart.save", { title })} {...trigger}>
          <Download className="size-3.5" aria-hidden="true" />
        </IconButton>
      )}
    >
      <button type="button" onClick={() => saveText(fileName(title, "csv"), chartCsv(grid, series, window), "text/csv")}>
        CSV
      </button>
      <button type="button" onClick={() => void savePicture()}>
        PNG
      </button>
    </Menu>
  );
}
