import { useFormats } from "#lib/formats.ts";
import { Picker } from "#ui/picker.tsx";
import { useList } from "../queries.ts";

/** Only triggered tasks are run by services and rules (spec 11 section 9.1). */
const TRIGGERED = 1;

interface TaskPickerProps {
  readonly label: string;
  readonly error?: string | undefined;
  readonly chosen: readonly number[];
  readonly onChange: (ids: readonly number[]) => void;
}

/** Tasks that a service or a rule starts, by name. */
export function TaskPicker({ label, error, chosen, onChange }: TaskPickerProps) {
  const { t } = useFormats();
  const tasks = useList("/cron").rows.filter((task) => task.task_type === TRIGGERED || chosen.includes(task.id));
  return (
    <Picker
      label={label}
      help={tasks.length === 0 ? t("tasks.noTriggered") : undefined}
      options={tasks.map((task) => ({ id: task.id, name: task.name }))}
      error={error}
      chosen={chosen}
      onChange={onChange}
    />
  );
}
