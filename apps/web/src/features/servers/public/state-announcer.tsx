import { useEffect, useRef, useState } from "react";
import { useFormats } from "#lib/formats.ts";
import { useFleet } from "#shell/live-hooks.ts";
import { Announcer } from "#ui/announcer.tsx";
import { healthWord } from "../shared/health-words.ts";
import { stateChanges } from "./state-changes.ts";
import type { HealthById } from "./state-changes.ts";

/** Tells screen readers when servers change their state: one by name, several by number. */
export function StateAnnouncer() {
  const { t } = useFormats();
  const records = useFleet();
  const before = useRef<HealthById>(new Map());
  const [text, setText] = useState("");
  useEffect(() => {
    const { now, changes } = stateChanges(before.current, records);
    before.current = now;
    const [only] = changes;
    if (only === undefined) return;
    setText(
      changes.length === 1
        ? t("list.cell", { name: only.name, state: healthWord(t, only.health) })
        : t("list.changed", { count: changes.length }),
    );
  }, [records, t]);
  return <Announcer text={text} />;
}
