/** The window's icons: 16 px, drawn with the colour of the text around them, silent to screen readers. */
import type { ReactElement, ReactNode } from 'react'

function Svg({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      {children}
    </svg>
  )
}

export function BellIcon(): ReactElement {
  return (
    <Svg>
      <path d="M3.5 11.5h9c-.9-.9-1.3-1.9-1.3-3.2V7a3.2 3.2 0 0 0-6.4 0v1.3c0 1.3-.4 2.3-1.3 3.2z" />
      <path d="M6.8 13.5a1.3 1.3 0 0 0 2.4 0" />
    </Svg>
  )
}

export function BellOffIcon(): ReactElement {
  return (
    <Svg>
      <path d="M5 5.6A3.2 3.2 0 0 1 11.2 7v1.3c0 .7.1 1.3.3 1.8M9.5 11.5h-6c.9-.9 1.3-1.9 1.3-3.2V7.5" />
      <path d="M6.8 13.5a1.3 1.3 0 0 0 2.4 0M2.5 2.5l11 11" />
    </Svg>
  )
}

export function CopyIcon(): ReactElement {
  return (
    <Svg>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </Svg>
  )
}

export function LinkIcon(): ReactElement {
  return (
    <Svg>
      <path d="M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 0 1 4 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 0 1-4-4l1-1" />
    </Svg>
  )
}

export function DownloadIcon(): ReactElement {
  return (
    <Svg>
      <path d="M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13.5h10" />
    </Svg>
  )
}

export function EditIcon(): ReactElement {
  return (
    <Svg>
      <path d="M3 13l.6-2.7 7-7a1.3 1.3 0 0 1 1.8 0l.3.3a1.3 1.3 0 0 1 0 1.8l-7 7zM9.5 4.5l2 2" />
    </Svg>
  )
}

export function CheckIcon(): ReactElement {
  return (
    <Svg>
      <path d="M3 8.5l3.3 3.3L13 4.8" />
    </Svg>
  )
}

export function BackIcon(): ReactElement {
  return (
    <Svg>
      <path d="M9.5 3.5L5 8l4.5 4.5" />
    </Svg>
  )
}

export function ChevronIcon(): ReactElement {
  return (
    <Svg>
      <path d="M4 10l4-4 4 4" />
    </Svg>
  )
}

export function CloseIcon(): ReactElement {
  return (
    <Svg>
      <path d="M4 4l8 8M12 4l-8 8" />
    </Svg>
  )
}

export function SearchIcon(): ReactElement {
  return (
    <Svg>
      <circle cx="7" cy="7" r="4" />
      <path d="M10 10l3.5 3.5" />
    </Svg>
  )
}

export function LockIcon(): ReactElement {
  return (
    <Svg>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </Svg>
  )
}

/** Triangle: needs attention. */
export function WarningIcon(): ReactElement {
  return (
    <Svg>
      <path d="M8 2.5l6 10.5H2z" />
      <path d="M8 6.5v3M8 11.2v.1" />
    </Svg>
  )
}

/** Octagon: does not work. */
export function ErrorIcon(): ReactElement {
  return (
    <Svg>
      <path d="M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z" />
      <path d="M8 5v3.5M8 11v.1" />
    </Svg>
  )
}

/** A clock face: somebody waits. */
export function WaitingIcon(): ReactElement {
  return (
    <Svg>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 4.8V8l2.2 1.5" />
    </Svg>
  )
}

/** A full disc: it goes on. */
export function ActiveIcon(): ReactElement {
  return (
    <Svg>
      <circle cx="8" cy="8" r="4" className="fill" />
    </Svg>
  )
}

/** A flat line in a ring: it is over. */
export function EndedIcon(): ReactElement {
  return (
    <Svg>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M5.5 8h5" />
    </Svg>
  )
}

export function ArrowIcon(): ReactElement {
  return (
    <Svg>
      <path d="M2.5 8h10M9 4.5L12.5 8 9 11.5" />
    </Svg>
  )
}

export function InIcon(): ReactElement {
  return (
    <Svg>
      <path d="M9 3h2.5A1.5 1.5 0 0 1 13 4.5v7a1.5 1.5 0 0 1-1.5 1.5H9M2.5 8h7M7 5.5L9.5 8 7 10.5" />
    </Svg>
  )
}

export function OutIcon(): ReactElement {
  return (
    <Svg>
      <path d="M7 3H4.5A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13H7M6.5 8h7M11 5.5L13.5 8 11 10.5" />
    </Svg>
  )
}

export function SurveyIcon(): ReactElement {
  return (
    <Svg>
      <rect x="3" y="2.5" width="10" height="11" rx="1.5" />
      <path d="M5.5 6h5M5.5 8.5h5M5.5 11h2.5" />
    </Svg>
  )
}

export function KeyIcon(): ReactElement {
  return (
    <Svg>
      <path d="M2.5 6V4.5h11V6a2 2 0 0 0 0 4v1.5h-11V10a2 2 0 0 0 0-4z" />
      <path d="M9.5 5v1M9.5 7.5v1M9.5 10v1" />
    </Svg>
  )
}

export function TeamIcon(): ReactElement {
  return (
    <Svg>
      <circle cx="6" cy="5.5" r="2.2" />
      <path d="M2 13c0-2.5 1.7-4 4-4s4 1.5 4 4M10.5 3.6a2.2 2.2 0 0 1 0 3.9M11.8 9.4c1.4.6 2.2 1.9 2.2 3.6" />
    </Svg>
  )
}

export function SummaryIcon(): ReactElement {
  return (
    <Svg>
      <path d="M3 4h10M3 8h10M3 12h6" />
    </Svg>
  )
}

export function UnknownIcon(): ReactElement {
  return (
    <Svg>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M6.5 6.5a1.5 1.5 0 1 1 2.2 1.3c-.5.3-.7.6-.7 1.2M8 11v.1" />
    </Svg>
  )
}

/** The tray of the application's own icon. */
export function TrayIcon(): ReactElement {
  return (
    <Svg>
      <path d="M2.5 9h3l.8 1.5h3.4L10.5 9h3M2.5 9v2.5A1.5 1.5 0 0 0 4 13h8a1.5 1.5 0 0 0 1.5-1.5V9M2.5 9l1.4-4.9A1.5 1.5 0 0 1 5.3 3h5.4a1.5 1.5 0 0 1 1.4 1.1L13.5 9" />
    </Svg>
  )
}
