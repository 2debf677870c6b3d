import { EDITABLE } from "#platform/config";
import type { EditableSettings } from "#platform/config";

export type SettingKey = keyof EditableSettings;

/** Which settings differ. */
export function changedKeys(before: EditableSettings, after: EditableSettings): SettingKey[] {
  return EDITABLE.filter((key) => before[key] !== after[key]);
}
