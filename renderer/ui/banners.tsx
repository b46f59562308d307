/** What must be seen before anything else: main out of reach, notifications not allowed; and the window's own notices. */
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { UPDATE_LABELS } from '../labels-update.ts'
import { LABELS } from '../labels.ts'
import { Button, IconButton } from './button.tsx'
import { BellIcon, CloseIcon, CopyIcon, ErrorIcon, WarningIcon } from './icons.tsx'
import { usePermission } from './permission.ts'

interface BannerProps {
  readonly tone: 'error' | 'warning' | 'info'
  readonly icon: ReactNode
  readonly children: ReactNode
  readonly action?: ReactNode
}

function Banner({ tone, icon, children, action }: BannerProps): ReactElement {
  return (
    <div
      className="banner"
      data-tone={tone}
      {...(tone === 'info' ? { role: 'region', 'aria-label': LABELS.notice } : { role: 'alert' })}
    >
      {icon}
      <div className="banner-words">{children}</div>
      {action}
    </div>
  )
}

export function LinkBanner(): ReactElement | null {
  const linked = useView((view) => view.linked)
  return linked ? null : (
    <Banner tone="error" icon={<WarningIcon />}>
      {LABELS.linkLost}
    </Banner>
  )
}

/** Browser mode: notifications need the browser's leave, and only a click may ask for it. */
export function PermissionBanner(): ReactElement | null {
  const { permission, ask, later, putOff } = usePermission()
  const quiet = useMain((state) => state.settings['notify.quiet'])
  // The set-up has its own step for it.
  const inSetup = useView(({ place }) => place.view === 'setup')
  if (permission === null || permission === 'granted' || putOff || quiet || inSetup) return null
  return (
    <Banner
      tone="info"
      icon={<BellIcon />}
      action={
        <div className="banner-actions">
          {permission === 'default' ? (
            <Button look="main" onPress={ask}>
              {LABELS.permission.allow}
            </Button>
          ) : null}
          <IconButton name={LABELS.permission.later} onPress={later}>
            <CloseIcon />
          </IconButton>
        </div>
      }
    >
      {LABELS.permission[permission]}
    </Banner>
  )
}

/** What is new in this version, once; or that a newer one waits for the end of this run. */
export function UpdateBanner(): ReactElement | null {
  const { ready, news } = useMain((state) => state.update)
  const { model } = useTools()
  if (news === null && ready === null) return null
  return (
    <Banner
      tone="info"
      icon={<BellIcon />}
      action={
        <div className="banner-actions">
          <IconButton name={UPDATE_LABELS.close} onPress={() => void model.order({ type: 'news.seen' })}>
            <CloseIcon />
          </IconButton>
        </div>
      }
    >
      {news === null ? UPDATE_LABELS.ready(ready ?? '') : UPDATE_LABELS.news(news.version)}
      {news === null || news.notes === '' ? null : <span className="banner-notes">{news.notes}</span>}
    </Banner>
  )
}

/** What the last order came to, if it did not come off; or text to copy by hand. */
export function NoticeBanner(): ReactElement | null {
  const { model } = useTools()
  const notice = useView((view) => view.notice)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (notice?.text === undefined) return
    field.current?.focus()
    field.current?.select()
    // What it begins with says more than its end.
    field.current?.scrollTo(0, 0)
  }, [notice])
  if (notice === null) return null
  return (
    <Banner
      tone={notice.tone === 'error' ? 'error' : 'info'}
      icon={notice.tone === 'error' ? <ErrorIcon /> : <CopyIcon />}
      action={
        <div className="banner-actions">
          {notice.isPage === true && notice.text?.startsWith('https://') === true ? (
            // A press on a link may open what a script may not.
            <a className="button" href={notice.text} target="_blank" rel="noreferrer" onClick={model.closeNotice}>
              {LABELS.openPage}
            </a>
          ) : null}
          <IconButton name={LABELS.close} onPress={model.closeNotice}>
            <CloseIcon />
          </IconButton>
        </div>
      }
    >
      {notice.message}
      {notice.text === undefined ? null : (
        <textarea
          ref={field}
          className="banner-text"
          readOnly
          rows={notice.text.includes('\n') ? 6 : 2}
          value={notice.text}
          aria-label={notice.message}
        />
      )}
    </Banner>
  )
}
