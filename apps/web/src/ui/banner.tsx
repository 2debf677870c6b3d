import type { ReactNode } from "react";
import { StateIcon } from "./state-icon.tsx";
import type { StateShape } from "./state-icon.tsx";

const TONES: Partial<Record<StateShape, string>> = { up: "ok", warn: "warn", critical: "crit" };

/** A statement about what is below it, with what can be done. Quiet unless `alert`. */
export function Note(props: {
  readonly state: StateShape;
  readonly alert?: boolean;
  readonly title?: string;
  readonly action?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <div className="wf-note" data-tone={TONES[props.state]} role={props.alert === true ? "alert" : "status"}>
      <StateIcon state={props.state} />
      <div className="min-w-0 flex-1 basis-56">
        {props.title === undefined ? null : <b>{props.title} </b>}
        <span className="wrap-break-word text-ink-2">{props.children}</span>
      </div>
      {props.action}
    </div>
  );
}
