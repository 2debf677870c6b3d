import type { ButtonHTMLAttributes, ReactNode } from "react";

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "className"> {
  readonly kind?: "plain" | "primary" | "quiet" | "danger";
  readonly size?: "normal" | "small";
  readonly tone?: "danger";
  readonly className?: string;
  readonly children: ReactNode;
}

/** The verb of an action. `danger` is for the button that really deletes, inside a dialog. */
export function Button({ kind = "plain", size = "normal", tone, className = "", ...rest }: ButtonProps) {
  return <button type="button" {...rest} className={`wf-btn ${className}`} data-kind={kind} data-size={size} data-tone={tone} />;
}

/** A square button whose icon carries the meaning: `label` is its name and its tooltip. */
export function IconButton({
  label,
  kind = "quiet",
  size = "small",
  tone,
  className = "",
  ...rest
}: ButtonProps & { readonly label: string }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={`wf-btn ${className}`}
      data-kind={kind}
      data-size={size}
      data-tone={tone}
      data-shape="icon"
    />
  );
}
