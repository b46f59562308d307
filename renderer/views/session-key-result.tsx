/** A session key that was made: to read out, to copy, to scan. It is shown here alone and kept nowhere. */
import { useEffect, useRef, type ReactElement } from 'react'
import { useMain, useTimed, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { isolate } from '../text.ts'
import { duration } from '../time.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { Qr } from '../ui/qr.tsx'
import { Caution, ShownText } from './link-field.tsx'
import type { Made } from './session-key.tsx'
import { CopyOutcome, CopyText, useCopying } from './use-copying.tsx'

interface SessionKeyResultProps {
  readonly made: Made
  readonly onAnother: () => void
  readonly onClose: () => void
}

export function SessionKeyResult({ made, onAnother, onClose }: SessionKeyResultProps): ReactElement {
  const { key, queue, externalKey } = made
  const title = useRef<HTMLHeadingElement>(null)
  const copying = useCopying()

  useEffect(() => title.current?.focus(), [])

  const copy = (what: 'url' | 'shortKey' | 'mail') => ({ type: 'sessionKey.copy', id: key.id, what }) as const
  const mail = [key.mailSubject, key.mailBody]
    .map((part) => part?.trim() ?? '')
    .join('\n\n')
    .trim()

  return (
    <>
      <div className="link-scroll">
        <div className="link-entries">
          <h3 ref={title} tabIndex={-1}>
            {[LABELS.link.kinds.key, isolate(queue), isolate(externalKey) || LABELS.link.noTicket].join(' · ')}
          </h3>
          {key.expiresAt === null ? null : <Expiry at={key.expiresAt} />}
          {key.externalKeyLost ? <Caution>{LABELS.link.lost}</Caution> : null}
          {key.available === false ? <Caution>{LABELS.link.nobodyThere}</Caution> : null}
          {key.shortKey === null ? null : <ShortKey shortKey={key.shortKey} />}
        </div>
        <div className="link-result">
          {key.url === null ? null : <ShownText label={LABELS.link.preview} text={key.url} rows={2} />}
          {key.qr === null ? null : <Qr code={key.qr} name={LABELS.link.qr} />}
        </div>
        {mail === '' ? null : <ShownText label={LABELS.link.mail} text={mail} rows={5} />}
      </div>
      <CopyOutcome copying={copying} />
      <div className="confirm-actions">
        <Button onPress={onClose}>{LABELS.close}</Button>
        <Button onPress={onAnother}>{LABELS.link.another}</Button>
        {mail === '' ? null : (
          <CopyText copying={copying} command={copy('mail')} what={LABELS.link.mail} label={LABELS.link.copyMail} />
        )}
        {key.shortKey === null ? null : (
          <CopyText
            copying={copying}
            command={copy('shortKey')}
            what={LABELS.link.shortKey}
            label={LABELS.link.copyShortKey}
          />
        )}
        {key.url === null ? null : (
          <CopyText
            copying={copying}
            command={copy('url')}
            what={LABELS.link.preview}
            label={LABELS.link.copy}
            look="main"
          />
        )}
      </div>
    </>
  )
}

/** Digits as they are said on the phone: by threes, four where one would be left over. With where each group starts. */
function groupsOf(shortKey: string): readonly { readonly start: number; readonly digits: string }[] {
  return Array.from(shortKey.matchAll(/.{3}(?!.$)|.+/gu), ({ 0: digits, index }) => ({ start: index, digits }))
}

function ShortKey({ shortKey }: { readonly shortKey: string }): ReactElement {
  const host = useMain(
    ({ settings, appliance }) => settings['appliance.host'] || (appliance.origin ?? '').replace('https://', ''),
  )
  return (
    <div className="short-key-part">
      <span>{LABELS.link.shortKey}</span>
      {/* The gaps are no characters, so that the key can be marked and copied as it is. */}
      <strong className="short-key" aria-hidden="true">
        {groupsOf(shortKey).map(({ start, digits }) => (
          <span key={start}>{digits}</span>
        ))}
      </strong>
      {/* One by one, for seven digits together are a number of millions. */}
      <Hidden>{Array.from(shortKey).join(' ')}</Hidden>
      {host === '' ? null : <span className="muted">{LABELS.link.typedAt(host)}</span>}
    </div>
  )
}

function Expiry({ at }: { readonly at: number }): ReactElement {
  const { times } = useTools()
  const words = useTimed((now) =>
    at <= now
      ? `${LABELS.link.expired} ${times.short(at, now)}`
      : `${LABELS.link.goodUntil} ${times.short(at, now)} (${duration(at - now)})`,
  )
  return <p className="time">{words}</p>
}
