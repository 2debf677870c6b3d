import type { ReactNode } from "react";
import { useId, useRef } from "react";

const GAP = 4;
const EDGE = 8;

interface MenuProps {
  /** The button; gets what opens the menu. */
  readonly button: (trigger: { readonly popoverTarget: string; readonly "aria-haspopup": "true" }) => ReactNode;
  readonly label: string;
  /** Links and buttons; a click on one closes the menu. */
  readonly children: ReactNode;
}

/**
 * A list of actions over the page: the native popover, placed below its button and kept on the screen. Of our own because Radix' menu would
 * be 32 kB of the first load.
 */
export function Menu({ button, label, children }: MenuProps) {
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const place = () => {
    const menu = ref.current;
    const trigger = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`);
    if (menu === null || trigger === null || !menu.matches(":popover-open")) return;
    const at = trigger.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const below = at.bottom + GAP + height < innerHeight;
    const left = Math.min(innerWidth - width - EDGE, Math.max(EDGE, at.right - width));
    menu.style.left = `${left + scrollX}px`;
    menu.style.top = `${(below ? at.bottom + GAP : Math.max(EDGE, at.top - GAP - height)) + scrollY}px`;
  };
  return (
    <>
      {button({ popoverTarget: id, "aria-haspopup": "true" })}
      <div
        ref={ref}
        id={id}
        popover="auto"
        role="group"
        aria-label={label}
        className="wf-menu"
        onToggle={(event) => {
          if (event.newState !== "open") return;
          place();
          ref.current?.querySelector<HTMLElement>("a, button")?.focus();
        }}
        onKeyDown={(event) => moveFocus(event, ref.current)}
        onClick={(event) => {
          if (event.target instanceof Element && event.target.closest("a, button:not([aria-disabled=true])") !== null)
            ref.current?.hidePopover();
        }}
      >
        {children}
      </div>
    </>
  );
}

function moveFocus(event: React.KeyboardEvent, menu: HTMLElement | null): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0 || menu === null) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll<HTMLElement>("a, button")];
  const now = items.findIndex((item) => item === document.activeElement);
  items[(now + step + items.length) % items.length]?.focus();
}
