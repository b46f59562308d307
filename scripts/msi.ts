/**
 * Adds to the MSI what electron-builder's has not: the firewall's rule for the listener, as installer/installer.nsh does
 * for the other installer. Plain actions of WiX's core, since its extension for firewalls may not be at hand.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const RULE = 'netsh.exe advfirewall firewall'
const ADD = `${RULE} add rule name="[ProductName]" dir=in action=allow protocol=TCP profile=domain,private program="[#mainExecutable]" enable=yes`
const REMOVE = `${RULE} delete rule name="[ProductName]"`

const quoted = (command: string) => command.replaceAll('"', '&quot;')

/** With the system's rights, and never a reason for the installation to fail. */
function action(id: string, command: string): string {
  const where = 'Directory="TARGETDIR" Execute="deferred" Impersonate="no" Return="ignore"'
  return `<CustomAction Id="${id}" ${where} ExeCommand="${quoted(command)}"/>`
}

const ADDED = `
    ${action('removeFirewallRule', REMOVE)}
    ${action('addFirewallRule', ADD)}
    <InstallExecuteSequence>
      <Custom Action="removeFirewallRule" Before="RemoveFiles">Installed</Custom>
      <Custom Action="addFirewallRule" After="InstallFiles">NOT (REMOVE="ALL")</Custom>
    </InstallExecuteSequence>
`

/** The project with the rule. @throws if it is not what it was when this was written */
export function withFirewallRule(project: string): string {
  const end = project.lastIndexOf('</Product>')
  if (end < 0 || !project.includes('Id="mainExecutable"')) throw new Error('The MSI project has another form.')
  return `${project.slice(0, end)}${ADDED}  ${project.slice(end)}`
}

/** Called by electron-builder once it has written the project. */
export function msiProjectCreated(file: string): void {
  writeFileSync(file, withFirewallRule(readFileSync(file, 'utf8')))
}
