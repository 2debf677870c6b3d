import type { ReactNode } from "react";
import { StateIcon } from "#ui/state-icon.tsx";
import type { StateShape } from "#ui/state-icon.tsx";

/** One thing that needs attention, with what can be done about it. */
export function AttentionItem(props: {
  readonly state: StateShape;
  readonly title: string;
  readonly action: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <li className="flex items-center gap-4 border-b border-line px-4 py-3 last:border-0">
      <StateIcon state={props.state} className="size-4.5!" />
      <div className="min-w-0 flex-1">
        <p className="line-clamp-2 font-medium wrap-anywhere" title={props.title}>
          {props.title}
        </p>
        <p className="text-sm wrap-anywhere text-ink-2">{props.children}</p>
      </div>
      {props.action}
    </li>
  );
}
