import { useBlocker } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";

interface GuardProps {
  readonly dirty: boolean;
  /** Names of what would be lost. */
  readonly changed: readonly string[];
  /** Search parameters that keep the form open: changing one of them leaves it, changing another does not. */
  readonly holds?: readonly string[];
}

/** Asks before a draft is lost: by another page, by closing what the form stands in, or by closing the tab. */
export function DraftGuard({ dirty, changed, holds = [] }: GuardProps) {
  const { t } = useFormats();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && leaves(current, next, holds),
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <ConfirmDialog
      title={t("form.leaveTitle")}
      names={changed}
      verb={t("action.discard")}
      cancel={t("form.stay")}
      run={async () => blocker.proceed()}
      onClose={() => blocker.reset()}
    >
      {t("form.leaveHelp")}
    </ConfirmDialog>
  );
}

interface Place {
  readonly pathname: string;
  readonly search: object;
}

/** Whether going from one address to another takes the form off the screen. */
export function leaves(current: Place, next: Place, holds: readonly string[]): boolean {
  if (current.pathname !== next.pathname) return true;
  return holds.some((key) => Reflect.get(current.search, key) !== Reflect.get(next.search, key));
}
