/** Gives the focus back to the view, for what had it is about to go. */
export function leave(): void {
  document.querySelector<HTMLElement>('.pane:not([hidden]) [data-arrival]')?.focus({ preventScroll: true })
}
