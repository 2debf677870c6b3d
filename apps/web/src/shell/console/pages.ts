import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { Need } from "./rights.tsx";

export type Section = "main" | "operate" | "publish" | "access" | "site";
export const SECTIONS: readonly Section[] = ["main", "operate", "publish", "access", "site"];

/** A page of the console: one entry here gives it an address, a place in the sidebar and a title. */
export interface ConsolePage {
  /** Below `/dashboard/`; `$id` is a parameter. Addresses of the official console stay valid. */
  readonly path: string;
  /** Key of its name. */
  readonly label: string;
  /** Without an icon it has no entry in the sidebar. */
  readonly icon?: LucideIcon;
  readonly section: Section;
  /** Beginnings of other addresses that its entry in the sidebar stands for. */
  readonly under?: readonly string[];
  /** What an account has to be good for; others have no entry for it, and by its address they are told why it is not shown. */
  readonly needs?: Need;
  /** The module's `Page`; loaded when it is opened. */
  readonly load: () => Promise<{ readonly Page: ComponentType }>;
}
