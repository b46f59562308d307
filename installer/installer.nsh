# What the installer does besides copying files. https://www.electron.build/configuration/nsis#custom-nsis-script

# The rule is for the program, since the port is a setting; only networks that are the company's or the home's.
!macro addFirewallRule
  nsExec::Exec 'netsh advfirewall firewall delete rule name="${PRODUCT_NAME}"'
  Pop $0
  nsExec::Exec 'netsh advfirewall firewall add rule name="${PRODUCT_NAME}" dir=in action=allow protocol=TCP profile=domain,private program="$INSTDIR\${APP_EXECUTABLE_FILENAME}" enable=yes'
  Pop $0
!macroend

# The policy of this computer. Anybody may make folders in ProgramData, so it is made here, and only administrators may
# write in it: S-1-5-32-544 administrators, S-1-5-18 the system, S-1-5-32-545 users.
!macro makePolicyFolder
  SetShellVarContext all
  CreateDirectory "$APPDATA\${PRODUCT_NAME}"
  nsExec::Exec 'icacls "$APPDATA\${PRODUCT_NAME}" /setowner *S-1-5-32-544 /T'
  Pop $0
  nsExec::Exec 'icacls "$APPDATA\${PRODUCT_NAME}" /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
  Pop $0
!macroend

# Links, for whoever installs; the application claims them again at its start. The -- keeps switches out of a link.
!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\rep-tray" "" "URL:${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "Software\Classes\rep-tray" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\rep-tray\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" -- "%1"'
  ${if} $installMode == "all"
    !insertmacro addFirewallRule
    !insertmacro makePolicyFolder
  ${endIf}
!macroend

# An update takes nothing away. The policy stays: whoever wrote it takes it away.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DeleteRegKey SHELL_CONTEXT "Software\Classes\rep-tray"
    DeleteRegKey HKCU "Software\Classes\rep-tray"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${APP_ID}"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "${APP_ID}"
    ${if} $installMode == "all"
      nsExec::Exec 'netsh advfirewall firewall delete rule name="${PRODUCT_NAME}"'
      Pop $0
    ${endIf}
  ${endIf}
!macroend
