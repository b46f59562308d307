/** The people of a report, and other things with a name. */
import type { Address, Named, Party, ReportedCustomer, ReportedRep } from './report.ts'
import { flag, textOrNull, wholeNumber } from './value.ts'
import type { XmlElement } from './xml.ts'

/** Somebody: the name is the element's text, or a child where a version nests it. */
export function readParty(element: XmlElement | null): Party | null {
  if (element === null) return null
  return {
    gsnumber: element.attr('gsnumber'),
    id: element.attr('id'),
    type: element.attr('type'),
    name: element.text || element.textOf('display_name') || element.textOf('name') || '',
  }
}

export function readNamed(element: XmlElement | null): Named | null {
  if (element === null) return null
  const name = element.text || element.textOf('name') || element.attr('name') || ''
  return { id: element.attr('id'), type: element.attr('type'), name }
}

/** `198.51.100.7:61606`, `[2001:db8::7]:61606`, or an address alone. */
export function readAddress(text: string | null): Address | null {
  const given = text?.trim() ?? ''
  if (given === '') return null
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(given)
  if (found === null) return { ip: given, port: null }
  return { ip: found[1] ?? found[2] ?? given, port: wholeNumber(found[3]) }
}

export function readCustomer(customer: XmlElement): ReportedCustomer {
  const info = customer.child('info')
  const ofInfo = (name: string) => textOrNull(info?.textOf(name))
  return {
    gsnumber: customer.attr('gsnumber'),
    username: textOrNull(customer.textOf('username')),
    publicAddress: readAddress(customer.textOf('public_ip')),
    privateAddress: readAddress(customer.textOf('private_ip')),
    hostname: textOrNull(customer.textOf('hostname')),
    os: textOrNull(customer.textOf('os')),
    primary: flag(customer.textOf('primary_cust')),
    info: {
      name: ofInfo('name'),
      company: ofInfo('company'),
      companyCode: ofInfo('company_code'),
      issue: ofInfo('issue'),
      details: ofInfo('details'),
    },
  }
}

export function readRep(rep: XmlElement): ReportedRep {
  const text = (name: string) => textOrNull(rep.textOf(name))
  const [privateName, publicName] = [text('private_display_name'), text('public_display_name')]
  return {
    gsnumber: rep.attr('gsnumber'),
    id: rep.attr('id'),
    username: text('username'),
    name: privateName ?? text('display_name') ?? publicName ?? text('username') ?? '',
    publicName,
    privateName,
    publicAddress: readAddress(rep.textOf('public_ip')),
    privateAddress: readAddress(rep.textOf('private_ip')),
    hostname: text('hostname'),
    os: text('os'),
    owner: flag(rep.textOf('session_owner') ?? rep.textOf('primary_rep')),
    secondsInvolved: wholeNumber(rep.textOf('seconds_involved')),
    invited: flag(rep.textOf('invited')),
  }
}
