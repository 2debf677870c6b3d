import type { ReactNode } from "react";
import { StateIcon } from "#ui/state-icon.tsx";
import type { StateShape } from "#ui/state-icon.tsx";

/** One thing of a list with its state: what it is, what is known of it, and what can be done. */
export function StatusItem(props: {
  readonly state: StateShape;
  /** A text, cut after two lines; or a text with what belongs to it. */
  readonly title: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  const { state, title, action, children } = props;
  return (
    <li className="flex items-start gap-4 border-b border-line px-4 py-3 last:border-0 max-sm:flex-wrap">
      <StateIcon state={state} className="mt-0.5 size-4.5!" />
      <div className="grid min-w-0 flex-1 gap-1">
        {typeof title === "string" ? (
          <p className="line-clamp-2 font-medium wrap-anywhere" title={title}>
            {title}
          </p>
        ) : (
          title
        )}
        <div className="text-sm wrap-anywhere text-ink-2">{children}</div>
      </div>
      {action}
    </li>
  );
}
