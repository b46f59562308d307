import type { XmlElement } from './xml.ts'

/** A file of known length, made while it is sent. */
export interface BytesBody {
  readonly kind: 'bytes'
  readonly contentType: string
  readonly filename: string
  readonly length: number
  readonly chunks: Iterable<Buffer>
}

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'xml'; readonly root: XmlElement }
  | BytesBody

/** An answer before it is written. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
}

export const XML_TYPE = 'text/xml; charset=UTF-8'

export const xmlReply = (root: XmlElement): Reply => ({
  status: 200,
  headers: { 'Content-Type': XML_TYPE },
  body: { kind: 'xml', root },
})

export const jsonReply = (status: number, value: object): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: { kind: 'text', text: JSON.stringify(value) },
})

export const textReply = (status: number, text: string): Reply => ({
  status,
  headers: { 'Content-Type': 'text/html; charset=UTF-8' },
  body: { kind: 'text', text },
})

export const fileReply = (body: BytesBody): Reply => ({
  status: 200,
  headers: {
    'Content-Type': body.contentType,
    'Content-Length': String(body.length),
    'Content-Disposition': `attachment; filename="${body.filename}"`,
  },
  body,
})

/** A page of the site, in HTML that no XML reader takes. */
export const pageReply = (status: number, title: string, text: string): Reply =>
  textReply(
    status,
    `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="UTF-8"><title>${html(title)}</title>\n` +
      `<link rel="stylesheet" href="/style.css">\n<body>\n<h1>${html(title)}</h1>\n<p>${html(text)}<br>\n</body>\n</html>\n`,
  )

const html = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
