/** The words of the quick lookup's window; part of LABELS. */
export const QUICK_LABELS = {
  title: 'Look up',
  found: 'Sessions found',
  keyCopied: 'External key copied',
  idCopied: 'Session ID copied',
  keys: [
    ['Enter', 'open'],
    ['Ctrl+Shift+C', 'copy key'],
    ['Ctrl+Shift+I', 'copy ID'],
    ['Esc', 'close'],
  ],
} as const
