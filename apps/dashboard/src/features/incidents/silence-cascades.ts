import type { Cascade } from "#platform/database";
import { silenceStore, snoozeKind, windowKind } from "./silence-store.ts";
import type { Subject } from "./subjects.ts";

const LISTS = { server: "serverIds", group: "groupIds", service: "serviceIds" } as const;

/** Rows that are deleted: no silence names them any more. */
export function forgetSubjects(subject: Subject): Cascade {
  return async (tx, ids, changes) => {
    const sleeping = (await snoozeKind.load(tx)).filter(({ scope, scopeId }) => scope === subject && ids.includes(scopeId));
    if (sleeping.length > 0) {
      const gone = sleeping.map(({ id }) => id);
      await silenceStore.deleteSnoozes(tx, gone);
      changes.gone(snoozeKind.name, gone);
    }
    if (subject === "rule") return;
    const list = LISTS[subject];
    for (const window of await windowKind.load(tx)) {
      const left = window[list].filter((id) => !ids.includes(id));
      if (left.length === window[list].length) continue;
      await silenceStore.updateWindow(tx, { ...window, [list]: left });
      changes.put(windowKind.name, window.id);
    }
  };
}

/** Silences go with those who made them. */
export const forgetUsers: Cascade = async (tx, ids, changes) => {
  const isTheirs = ({ ownerId }: { readonly ownerId: number }): boolean => ids.includes(ownerId);
  const sleeping = (await snoozeKind.load(tx)).filter(isTheirs).map(({ id }) => id);
  const planned = (await windowKind.load(tx)).filter(isTheirs).map(({ id }) => id);
  if (sleeping.length > 0) await silenceStore.deleteSnoozes(tx, sleeping);
  if (planned.length > 0) await silenceStore.deleteWindows(tx, planned);
  changes.gone(snoozeKind.name, sleeping);
  changes.gone(windowKind.name, planned);
};
