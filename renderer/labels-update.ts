/** Words for updates. */
export const UPDATE_LABELS = {
  ready: (version: string) => `Rep Tray ${version} is installed when you quit, unless a session of yours is going on.`,
  news: (version: string) => `Rep Tray is now version ${version}.`,
  close: 'Close the news',
} as const
