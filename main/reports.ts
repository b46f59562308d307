/** What the appliance has kept of a session: its report, its pages, its recordings; and the page of its ticket. */
import type { Opened, ReportCommand } from '../preload/contract.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { isApplianceError } from './appliance/errors.ts'
import { encodePart, webReportUrl } from './appliance/url.ts'
import type { Handlers } from './command.ts'
import { createDownloads } from './downloads.ts'
import { checkedPage } from './pages.ts'
import { createReportSource } from './report-source.ts'
import type { KeptReport } from './report-view.ts'
import { externalKeyOf, type LookupIndex } from './sessions/lookup.ts'
import type { Session } from './sessions/session.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'
import { summaryOf } from './summary.ts'
import { Unable } from './unable.ts'

/** Who copies a summary does not wait longer for the appliance (ms). */
const PATIENCE = 10_000

export interface Reports {
  readonly handlers: Pick<Handlers, ReportCommand['type']>
  /** A session as text for its ticket. @throws an {@link Unable}, or an ApplianceError, if nothing is known of it */
  summary(lsid: string): Promise<string>
  /** Ends what is on its way. */
  stop(): Promise<void>
}

export interface ReportsOptions {
  readonly store: Store
  readonly shell: Pick<Shell, 'open' | 'reveal' | 'downloads'>
  readonly link: Pick<ApplianceLink, 'client'>
  readonly index: () => LookupIndex
  readonly session: (lsid: string) => Session | null
  readonly now: () => number
}

/** @see Reports */
export function createReports(options: ReportsOptions): Reports {
  const { store, shell, link, index, session } = options
  const source = createReportSource(options)
  const downloads = createDownloads(options)

  const keyOf = (lsid: string) => externalKeyOf(lsid, session(lsid), index)

  async function open(url: string): Promise<Opened> {
    return { url, opened: await shell.open(url) }
  }

  /** Where the page is, as the appliance says. */
  function linkOf({ links }: KeptReport, page: 'chat' | 'session' | 'commandShell', instance: number | null): string {
    const found =
      page === 'chat'
        ? links.chat
        : links.recordings.find((each) => each.kind === page && each.instance === instance)?.viewUrl
    if (found != null) return found
    throw new Unable(
      `The appliance has no page to show ${page === 'chat' ? 'the chat' : 'this recording'} of the session.`,
    )
  }

  return {
    handlers: {
      'report.get': async ({ lsid, fresh }) => (await source.get(lsid, fresh))?.report ?? null,
      'report.open': async ({ lsid, page, instance }) => {
        const { origin } = link.client()
        if (page === 'report') return open(checkedPage(webReportUrl(origin, lsid), origin, 'The appliance'))
        const report = await source.get(lsid, false)
        if (report === null) throw new Unable('The appliance has no report of this session yet.')
        return open(checkedPage(linkOf(report, page, instance), origin, 'The appliance'))
      },
      'recording.download': ({ lsid, kind, instance }) => {
        // Said at once rather than by a download that failed.
        link.client()
        const { recordings: reason } = store.get().appliance.cannot
        if (reason !== undefined) throw new Unable(reason)
        const startedAt = session(lsid)?.startedAt ?? source.kept(lsid)?.report.startedAt ?? null
        downloads.start({ lsid, kind, instance, externalKey: keyOf(lsid), startedAt })
        return null
      },
      'download.cancel': ({ id }) => {
        downloads.cancel(id)
        return null
      },
      'download.show': async ({ id }) => {
        await downloads.show(id)
        return null
      },
      'download.dismiss': ({ id }) => {
        downloads.dismiss(id)
        return null
      },
      'ticket.open': async ({ lsid }) => {
        const template = store.get().settings['ticket.url']
        if (template === '') throw new Unable('Enter the page of a ticket under Settings › Tickets first.')
        const key = keyOf(lsid)
        if (key === null) throw new Unable('This session has no external key, so it has no ticket to open.')
        // Only the page may depend on the key, never the site.
        const { origin } = new URL(template.replaceAll('{key}', 'key'))
        return open(checkedPage(template.replaceAll('{key}', encodePart(key)), origin, 'The setting for tickets'))
      },
    },
    summary: async (lsid) => {
      const known = session(lsid)
      let report: KeptReport | null = null
      try {
        report = await source.get(lsid, false, PATIENCE)
      } catch (error) {
        // What the events told is better than nothing.
        if (known === null || !isApplianceError(error)) throw error
      }
      if (known === null && report === null) throw new Unable('Neither the appliance nor Rep Tray knows this session.')
      // Of a running session a report may be behind.
      const externalKey = keyOf(lsid) ?? (known === null ? report?.report.externalKey : null) ?? null
      const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
      return summaryOf({ lsid, externalKey, report: report?.report ?? null, session: known, zone })
    },
    stop: async () => {
      source.stop()
      await downloads.stop()
    },
  }
}
