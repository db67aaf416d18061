; Installer for Windows x64. Given by tools/package: VERSION, TREE (what is installed), OUT, and RUNTIME if a Java is in TREE.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetDateSave off
Name "Varve ${VERSION}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\Varve"
RequestExecutionLevel admin
ShowInstDetails show
!include "x64.nsh"
!include "LogicLib.nsh"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\Varve"
Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

; The search path is changed by PowerShell: strings of an installer are too short for it, and would cut it off.
!macro Path CHANGE
    nsExec::ExecToLog `powershell.exe -NoProfile -NonInteractive -Command "$$d = '$INSTDIR'; $$p = @([Environment]::GetEnvironmentVariable('Path', 'Machine') -split ';' | Where-Object { $$_ -and $$_ -ne $$d }); ${CHANGE}; [Environment]::SetEnvironmentVariable('Path', ($$p -join ';'), 'Machine')"`
    Pop $0
    ${If} $0 != "0"
        DetailPrint "The search path was not changed: do it by hand for $INSTDIR"
    ${EndIf}
!macroend

Function .onInit
    ${IfNot} ${RunningX64}
        MessageBox MB_ICONSTOP "Varve needs Windows x64." /SD IDOK
        Abort
    ${EndIf}
    SetRegView 64
FunctionEnd

Function un.onInit
    SetRegView 64
FunctionEnd

Section
    SetShellVarContext all
    SetOutPath "$INSTDIR"
    ; A Java of another version must not be mixed with this one.
    RMDir /r "$INSTDIR\runtime"
    File /r "${TREE}\*.*"
    ; What the operator may have changed stays.
    CreateDirectory "$APPDATA\Varve"
    ${IfNot} ${FileExists} "$APPDATA\Varve\config.yaml"
        CopyFiles /SILENT "$INSTDIR\config.yaml" "$APPDATA\Varve\config.yaml"
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"
    WriteRegStr HKLM "${UNINSTALL}" "DisplayName" "Varve"
    WriteRegStr HKLM "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKLM "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKLM "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKLM "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKLM "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKLM "${UNINSTALL}" "NoRepair" 1
    !insertmacro Path "$$p += $$d"
!ifndef RUNTIME
    DetailPrint "Varve needs Java 17 or later: set JAVA_HOME, or have java.exe in the search path"
!endif
SectionEnd

; Removes what was installed and nothing else: neither configuration nor repositories.
Section Uninstall
    !insertmacro Path "$$null = 0"
    RMDir /r "$INSTDIR\runtime"
    Delete "$INSTDIR\varve-windows-x64.jar"
    Delete "$INSTDIR\varve.bat"
    Delete "$INSTDIR\completion.ps1"
    Delete "$INSTDIR\README.md"
    Delete "$INSTDIR\CHANGELOG.md"
    Delete "$INSTDIR\LICENSE"
    Delete "$INSTDIR\operations.md"
    Delete "$INSTDIR\json.md"
    Delete "$INSTDIR\nightly.schema.json"
    Delete "$INSTDIR\grafana-dashboard.json"
    Delete "$INSTDIR\config.yaml"
    Delete "$INSTDIR\nightly.example.yaml"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    DeleteRegKey HKLM "${UNINSTALL}"
SectionEnd
