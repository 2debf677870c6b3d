import { useBlocker } from "@tanstack/react-router";
import { useFormats } from "#lib/formats.ts";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";

interface GuardProps {
  readonly dirty: boolean;
  /** Names of what would be lost. */
  readonly changed: readonly string[];
  /** Search parameters that keep the form open: changing one of them leaves it, changing another does not. */
  readonly holds?: readonly string[];
  /** Other pages that keep it. */
  readonly stays?: (path: string) => boolean;
  /** What is asked, when it is no draft. */
  readonly words?: { readonly title: string; readonly help: string; readonly stay: string; readonly verb: string };
}

/** Asks before a draft is lost: by another page, by closing what the form stands in, or by closing the tab. */
export function DraftGuard({ dirty, changed, holds = [], stays, words }: GuardProps) {
  const { t } = useFormats();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && leaves(current, next, holds) && stays?.(next.pathname) !== true,
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <ConfirmDialog
      title={words?.title ?? t("form.leaveTitle")}
      names={changed}
      verb={words?.verb ?? t("action.discard")}
      cancel={words?.stay ?? t("form.stay")}
      run={async () => blocker.proceed()}
      onClose={() => blocker.reset()}
    >
      {words?.help ?? t("form.leaveHelp")}
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
