import type { SettingView } from "@windfire/api";
import type { SettingValues } from "#shell/console/setting-patch.ts";

/** What every group of fields gets. */
export interface SettingFieldsProps {
  readonly values: SettingValues;
  readonly errors: Readonly<Partial<Record<keyof SettingValues, string | undefined>>>;
  readonly set: (change: Partial<SettingValues>) => void;
  readonly setting: SettingView;
}

/** `2,10` as ids; what is no number is left out, as the dashboard does. */
export function readIds(text: string): number[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => /^\d+$/.test(part))
    .map(Number);
}
