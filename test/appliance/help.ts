import { OPTION_ROWS } from './option-rows.ts'

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(OPTION_ROWS).map(([name, row]) => ({
    group: row.group,
    head: 'value' in row ? `--${name} ${row.value}` : `--${name}`,
    help: row.help,
  }))
  const width = Math.max(...rows.map(({ head }) => head.length)) + 4
  const groups = [...new Set(rows.map(({ group }) => group))].map((group) => {
    const lines = rows.filter((row) => row.group === group).map(({ head, help }) => `  ${head.padEnd(width)}${help}`)
    return [`${group}:`, ...lines].join('\n')
  })
  return [
    'npm run appliance -- OPTIONS',
    'A simulated Bomgar Box: posts outbound events to recipients by the rules of the real one, and serves its site:\nCommand and Reporting API, OAuth2, backup, start URLs.',
    ...groups,
    [
      'It ends when all is sent and each event was answered with 200 or dropped; a signal ends it early.',
      'Exit code: 0 all delivered, 1 events dropped or left, 2 wrong use.',
    ].join('\n'),
    [
      'Examples:',
      '  npm run appliance -- --recipient http://127.0.0.1:8180/ --scenario demo --for 60',
      '  npm run appliance -- --recipient http://127.0.0.1:8180/ --random --rate 50 --events 5000 --seed 7',
      '  npm run appliance -- --recipient http://127.0.0.1:8180/ --backlog 500 --age 7200 --lost-reply 0.05',
      '  npm run appliance -- --api-port 8443 --profile 24.x --history 10000',
      '  npm run appliance -- --api-port 8443 --scenario demo --for 600 --report-lag 5 --odd-replies 0.05',
    ].join('\n'),
  ].join('\n\n')
}
