import { useMemo, type ReactElement } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Hidden } from './bits.tsx'
import { Pressable } from './button.tsx'
import { BellIcon, BellOffIcon } from './icons.tsx'

/** The views that the header leads to, in the order of their shortcuts Ctrl+1, Ctrl+2, … */
export const VIEWS = ['board', 'alerts', 'activity', 'lookup', 'settings'] as const

/** The way to each view, and the quiet switch. */
export function Header(): ReactElement {
  const { model } = useTools()
  const view = useView(({ place }) => (place.view === 'session' ? 'board' : place.view))
  const alerts = useMain((state) => state.alerts)
  const unread = useMemo(() => alerts.filter((alert) => !alert.read).length, [alerts])
  return (
    <header className="header">
      <nav aria-label={LABELS.nav}>
        {VIEWS.map((one, index) => (
          <Pressable
            key={one}
            className="nav-item"
            {...(view === one ? { 'aria-current': 'page' } : {})}
            aria-keyshortcuts={`Control+${index + 1}`}
            onPress={() => model.go({ view: one })}
          >
            {LABELS.views[one]}
            {one === 'alerts' && unread > 0 ? (
              <span className="nav-count">
                {unread}
                <Hidden> {LABELS.alerts.unread}</Hidden>
              </span>
            ) : null}
          </Pressable>
        ))}
      </nav>
      <QuietSwitch />
    </header>
  )
}

function QuietSwitch(): ReactElement {
  const { model } = useTools()
  const quiet = useMain((state) => state.settings['notify.quiet'])
  const locked = useMain((state) => state.settingInfo.some((info) => info.key === 'notify.quiet' && info.locked))
  const hint = locked ? LABELS.lockedByAdmin : quiet ? LABELS.quiet.on : LABELS.quiet.off
  return (
    <Pressable
      className="quiet"
      aria-label={LABELS.quiet.name}
      aria-pressed={quiet}
      disabled={locked}
      onPress={() => {
        void model.order({ type: 'settings.set', key: 'notify.quiet', value: !quiet })
      }}
    >
      <span className="icon-holder" title={hint}>
        {quiet ? <BellOffIcon /> : <BellIcon />}
        {quiet ? <span aria-hidden="true">{LABELS.quiet.name}</span> : null}
      </span>
    </Pressable>
  )
}
