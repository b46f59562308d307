import type { ReactElement } from 'react'
import { useView, useWide } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Empty } from '../ui/bits.tsx'
import { Board } from './board.tsx'
import { Session } from './session.tsx'

/** The board and one session: side by side where there is room, one after the other where there is not. */
export function Desk(): ReactElement {
  const wide = useWide()
  const lsid = useView(({ place }) => (place.view === 'session' ? place.lsid : null))
  return (
    <div className="desk" data-wide={wide}>
      <Board hidden={!wide && lsid !== null} />
      {lsid === null ? (
        wide && (
          <div className="pane session session-none">
            <Empty title={LABELS.session.none}>
              <p>{LABELS.session.noneBody}</p>
            </Empty>
          </div>
        )
      ) : (
        <Session key={lsid} lsid={lsid} wide={wide} />
      )}
    </div>
  )
}
