/** A representative. `id` is the number in `rep:12`. */
export interface Representative {
  readonly id: number
  readonly username: string
  /** Name among colleagues, as events have it. */
  readonly name: string
  /** Name that customers see. */
  readonly publicName: string
  /** Minutes since the log-in to the console, at the start; null: not logged in. */
  readonly loggedInMinutes: number | null
}

/** An issue that customers choose on the public site; it leads to its team's queue. */
export interface Issue {
  readonly id: number
  readonly title: string
  readonly codeName: string
}

export interface SupportTeam {
  readonly id: number
  readonly name: string
  /** Ids of representatives. */
  readonly members: readonly number[]
  readonly issues: readonly Issue[]
}

export interface Customer {
  readonly name: string
  readonly company: string
  readonly computer: string
  /** What a front-end form was given beyond the name and the company. */
  readonly companyCode?: string
  readonly issue?: string
  readonly details?: string
}

/** A field of `/login > Configuration > Custom Fields`; `session.custom.<code name>` in the API. */
export interface CustomField {
  readonly codeName: string
  readonly displayName: string
}

/** The site that the appliance serves: invented, and the same on every run. */
export interface World {
  readonly host: string
  readonly company: string
  readonly representatives: readonly Representative[]
  readonly teams: readonly SupportTeam[]
  readonly customers: readonly Customer[]
  readonly customFields: readonly CustomField[]
}

/** Where a session belongs: `rep:12`, `team:5` or `general`, with its display name. */
export interface Owner {
  readonly id: string
  readonly name: string
}

export const GENERAL_QUEUE: Owner = { id: 'general', name: 'General' }

export const representativeOwner = (rep: Representative): Owner => ({ id: `rep:${rep.id}`, name: rep.name })

export const teamOwner = (team: SupportTeam): Owner => ({ id: `team:${team.id}`, name: team.name })

/** The representative with that id; throws if there is none. */
export function findRepresentative(world: World, id: number): Representative {
  const rep = world.representatives.find((candidate) => candidate.id === id)
  if (rep === undefined) throw new Error(`there is no representative ${id}`)
  return rep
}

/** The owner that `general`, `team:5` or `rep:12` names; throws if there is none. */
export function findOwner(world: World, id: string): Owner {
  if (id === GENERAL_QUEUE.id) return GENERAL_QUEUE
  const [, kind, number] = /^(rep|team):(\d+)$/.exec(id) ?? []
  if (kind === 'rep') return representativeOwner(findRepresentative(world, Number(number)))
  const team = world.teams.find((candidate) => kind === 'team' && candidate.id === Number(number))
  if (team === undefined) throw new Error(`there is no queue ${id}`)
  return teamOwner(team)
}

/** The representative with that username; undefined if there is none. */
export function findUsername(world: World, username: string): Representative | undefined {
  return world.representatives.find((candidate) => candidate.username === username)
}

export const isLoggedIn = (rep: Representative): boolean => rep.loggedInMinutes !== null

/** The issue that fits, with the team whose queue it leads to; undefined if there is none. */
export function findIssue(
  world: World,
  fits: (issue: Issue) => boolean,
): { readonly issue: Issue; readonly team: SupportTeam } | undefined {
  for (const team of world.teams) {
    const issue = team.issues.find(fits)
    if (issue !== undefined) return { issue, team }
  }
  return undefined
}

/** The teams of a representative. */
export function teamsOf(world: World, rep: number): readonly SupportTeam[] {
  return world.teams.filter((team) => team.members.includes(rep))
}

const reps: readonly (readonly [id: number, username: string, name: string, minutes: number | null])[] = [
  [12, 'jsmith', 'John Smith', 95],
  [14, 'mokafor', 'Miriam Okafor', 212],
  [15, 'tlindqvist', 'Tove Lindqvist', 47],
  [17, 'rdasilva', 'Rui da Silva', 180],
  [18, 'akowalczyk', 'Agnieszka Kowalczyk', 8],
  [21, 'dnguyen', 'Duy Nguyen', 301],
  [22, 'sbaumgartner', 'Sabine Baumgärtner', 66],
  [25, 'omoreau', 'Odile Moreau', null],
  [26, 'khaddad', 'Karim Haddad', 130],
  [29, 'pfitzgerald', 'Paula Fitzgerald', 15],
  [31, 'ytanaka', 'Yui Tanaka', null],
  [34, 'bobrien', 'Brendan O’Brien', 240],
]

const teams: readonly SupportTeam[] = [
  {
    id: 5,
    name: 'Troubleshooting',
    members: [12, 14, 17, 21, 26],
    issues: [
      { id: 3, title: 'Printer', codeName: 'printer' },
      { id: 4, title: 'E-mail and calendar', codeName: 'email' },
      { id: 6, title: 'My computer is slow', codeName: 'slow_computer' },
    ],
  },
  {
    id: 7,
    name: 'Onboarding',
    members: [12, 15, 22, 29],
    issues: [
      { id: 8, title: 'First day: accounts & devices', codeName: 'first_day' },
      { id: 9, title: 'New phone', codeName: 'new_phone' },
    ],
  },
  {
    id: 9,
    name: 'Network and VPN',
    members: [17, 18, 34],
    issues: [
      { id: 11, title: 'VPN', codeName: 'vpn' },
      { id: 12, title: 'Wi-Fi', codeName: 'wifi' },
    ],
  },
  {
    id: 10,
    name: 'Business applications',
    members: [14, 22, 25, 31, 34],
    issues: [{ id: 15, title: 'Finance <ERP>', codeName: 'erp' }],
  },
]

const customers: readonly (readonly [name: string, company: string, computer: string])[] = [
  ['Jane Doe', 'Northwind Mills', 'NWM-PC-0471'],
  ['Amir Rahmani', 'Harbour Logistics', 'HL-LT-2210'],
  ['Björn Åkesson', 'Ådalen Bygg AB', 'AB-WS-018'],
  ['Catherine D’Arcy', 'Whitfield & Sons', 'WS-CDARCY'],
  ['Łukasz Wójcik', 'Zakład Mleczarski', 'ZM-KASA-3'],
  ['Priya Raghunathan', 'Meridian Health', 'MH-WARD4-02'],
  ['José Luis Fernández', 'Clínica del Mar', 'CDM-REC-1'],
  ['Grace Mwangi', 'Savanna Credit Union', 'SCU-T-0098'],
  ['Søren Kjær', 'Kjær Tømrer ApS', 'KT-BUERO'],
  ['陳美玲', 'Formosa Tools', 'FT-NB-52'],
  ['Ελένη Παππά', 'Aegean Freight', 'AF-GR-07'],
  ['Tom', 'Harbour Logistics', 'HL-DOCK-5'],
  ['Dr. Ingrid Weiß-Öztürk', 'Meridian Health', 'MH-LAB-11'],
  ['Nadia Benali', 'Northwind Mills', 'NWM-PC-0102'],
  ['Oleksandr Hrytsenko', 'Savanna Credit Union', 'SCU-HQ-14'],
  ['Mei-Ling & Co. (reception)', 'Formosa Tools', 'FT-FRONT'],
  ['Hannah Becker', 'Stadtwerke Altmühl', 'SWA-3307'],
  ['Liam Gallacher', 'Whitfield & Sons', 'WS-LGAL'],
  ['יעל כהן', 'Levant Optics', 'LO-DESK-9'],
  ['Maria Conceição Ramos', 'Porto Cork', 'PC-ARM-2'],
  ['unknown', 'Harbour Logistics', 'HL-KIOSK-1'],
  ['Viktor Dragomir', 'Carpathia Rail', 'CR-OPS-33'],
  ['Aisha Bello', 'Savanna Credit Union', 'SCU-T-0107'],
  ['Pieter van den Heuvel', 'Delta Pumps', 'DP-ENG-4'],
]

/** The invented site. */
export function createWorld(): World {
  return {
    host: 'support.example.com',
    company: 'examplecorp',
    representatives: reps.map(([id, username, name, loggedInMinutes]) => ({
      id,
      username,
      name,
      publicName: name.split(' ')[0] ?? name,
      loggedInMinutes,
    })),
    teams,
    customers: customers.map(([name, company, computer]) => ({ name, company, computer })),
    customFields: [
      { codeName: 'company', displayName: 'Company' },
      { codeName: 'asset_no', displayName: 'Asset' },
    ],
  }
}
