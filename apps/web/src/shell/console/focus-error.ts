/** A tab that was just opened draws its fields some frames later. */
const FRAMES = 20;

/** Puts the focus on the first wrong field of the topmost dialog, or of the page. */
export function focusFirstError(framesLeft = FRAMES): void {
  requestAnimationFrame(() => {
    const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
    const field = place.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field !== null) field.focus();
    else if (framesLeft > 0) focusFirstError(framesLeft - 1);
  });
}
