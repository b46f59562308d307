import type { Random } from '../random.ts'
import type { Customer, World } from '../world.ts'

const GIVEN =
  'Amelia Anton Ayşe Beatriz Carlos Chiara Daniel Divya Elif Emil Fatima Finn Greta Hugo Ines Ivan Jamal Johanna Kenji ' +
  'Klara Leila Lucía Mateus Milena Nikos Noor Olga Pavel Quentin Rania Sara Stefan Tariq Thea Umar Valérie Wanda Xin Yara Zoë'
const FAMILY =
  'Abe Almeida Bauer Castillo Chen Dubois Eriksson Ferrari García Haas Ibrahim Jansen Kovač Kumar Lambert Lindgren ' +
  'Marchetti Müller Nakamura Novák O’Connor Okoye Papadakis Petrov Quintana Rossi Sánchez Schmidt Smith Suzuki Tanaka ' +
  'Tremblay Ueda Vasquez Vogel Walker Wang Yılmaz Żak Ziegler'
const COMPANIES: readonly (readonly [name: string, prefix: string])[] = [
  ['Northwind Mills', 'NWM'],
  ['Harbour Logistics', 'HL'],
  ['Meridian Health', 'MH'],
  ['Savanna Credit Union', 'SCU'],
  ['Whitfield & Sons', 'WS'],
  ['Stadtwerke Altmühl', 'SWA'],
  ['Clínica del Mar', 'CDM'],
  ['Porto Cork', 'PC'],
  ['Delta Pumps', 'DP'],
  ['Formosa Tools', 'FT'],
]

/** As many customers as asked for: those of the world first, then invented ones, each with a computer. */
export function inventCustomers(world: World, random: Random, count: number): readonly Customer[] {
  const given = GIVEN.split(' ')
  const family = FAMILY.split(' ')
  const invented = Array.from({ length: Math.max(count - world.customers.length, 0) }, (_, index) => {
    const [company, prefix] = random.pick(COMPANIES)
    const kind = random.pick(['PC', 'LT', 'WS', 'NB'])
    return {
      name: `${random.pick(given)} ${random.pick(family)}`,
      company,
      computer: `${prefix}-${kind}-${String(1000 + index)}`,
    }
  })
  return [...world.customers, ...invented]
}
