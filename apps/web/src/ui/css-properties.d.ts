import "react";

declare module "react" {
  interface CSSProperties {
    /** Custom properties are values like all others. */
    [property: `--${string}`]: string | number | undefined;
  }
}
