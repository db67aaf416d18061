@echo off
rem Starts Varve. Looks for the jar beside this script, then in ..\target; for Java in runtime\ beside it, then in JAVA_HOME,
rem then in PATH.
rem   VARVE_JAVA_OPTS   more arguments for the JVM, for example -Xmx1g
rem   VARVE_CACHE       where what can be made again is kept, otherwise varve in the local application data
rem   VARVE_CDS=off     keep no class archive there (it shortens the start; 12 to 25 MB per version of Java and of Varve)
setlocal EnableExtensions DisableDelayedExpansion

set "VARVE_JAR="
for %%J in ("%~dp0varve-windows-x64.jar" "%~dp0varve.jar" "%~dp0..\target\varve-windows-x64.jar" "%~dp0..\target\varve.jar") do (
    if not defined VARVE_JAR if exist "%%~fJ" set "VARVE_JAR=%%~fJ"
)
if not defined VARVE_JAR goto no_jar

set "VARVE_JAVA="
if exist "%~dp0runtime\bin\java.exe" (
    set "VARVE_JAVA=%~dp0runtime\bin\java.exe"
) else if defined JAVA_HOME (
    set "VARVE_JAVA=%JAVA_HOME%\bin\java.exe"
) else (
    for %%X in (java.exe) do set "VARVE_JAVA=%%~$PATH:X"
)
if not defined VARVE_JAVA goto no_java
if not exist "%VARVE_JAVA%" goto bad_home

rem The version stands in a file of the Java home; only if that is not found is a JVM started to ask it.
set "VARVE_VERSION="
for %%D in ("%VARVE_JAVA%") do set "VARVE_RELEASE=%%~dpD..\release"
if not exist "%VARVE_RELEASE%" goto ask_version
for /f "usebackq tokens=1,2 delims==" %%K in ("%VARVE_RELEASE%") do if "%%K"=="JAVA_VERSION" set "VARVE_VERSION=%%~L"
goto have_version
:ask_version
for /f "tokens=3" %%V in ('""%VARVE_JAVA%" -version 2>&1 ^| findstr /i "version""') do set "VARVE_VERSION=%%~V"
:have_version
set "VARVE_MAJOR=0"
for /f "tokens=1,2 delims=.-+_" %%A in ("%VARVE_VERSION%") do (
    if "%%A"=="1" (set "VARVE_MAJOR=%%B") else (set "VARVE_MAJOR=%%A")
)
if %VARVE_MAJOR% LSS 17 goto old_java

set "VARVE_UNSAFE="
if %VARVE_MAJOR% GEQ 23 set "VARVE_UNSAFE=--sun-misc-unsafe-memory-access=allow"
rem The class archive. The first backup makes it when it ends, since a backup needs the most classes. Only one ever
rem tries: the directory's name is the permission. It counts when a second command has found it whole, since a JVM dies
rem of one that is cut off; whatever else is wrong with it, the JVM does without, and says nothing.
set "VARVE_ARCHIVE="
if /i "%VARVE_CDS%"=="off" goto start
set "VARVE_CLASSES=%VARVE_CACHE%"
if not defined VARVE_CLASSES if defined LOCALAPPDATA set "VARVE_CLASSES=%LOCALAPPDATA%\varve"
if not defined VARVE_CLASSES goto start
if not exist "%VARVE_CLASSES%" mkdir "%VARVE_CLASSES%" 2>nul
if not exist "%VARVE_CLASSES%" goto start
set "VARVE_QUIET="-Xlog:cds*=off""
if %VARVE_MAJOR% GEQ 19 set "VARVE_QUIET=%VARVE_QUIET% "-Xlog:aot*=off""
for %%J in ("%VARVE_JAR%") do set "VARVE_CLASSES=%VARVE_CLASSES%\classes-%VARVE_VERSION%-%%~zJ"
if exist "%VARVE_CLASSES%.jsa" goto have_archive
if not exist "%VARVE_CLASSES%.new" goto have_archive
"%VARVE_JAVA%" -Xshare:on -XX:+VerifySharedSpaces -XX:+UseSerialGC "-XX:SharedArchiveFile=%VARVE_CLASSES%.new" ^
    -XX:ErrorFile=NUL -XX:-CreateCoredumpOnCrash -cp "%VARVE_JAR%" -version >nul 2>&1
if errorlevel 1 goto have_archive
move /y "%VARVE_CLASSES%.new" "%VARVE_CLASSES%.jsa" >nul 2>&1
:have_archive
if exist "%VARVE_CLASSES%.jsa" (
    set VARVE_ARCHIVE="-XX:SharedArchiveFile=%VARVE_CLASSES%.jsa" %VARVE_QUIET%
    goto start
)
if /i not "%~1"=="backup" goto start
mkdir "%VARVE_CLASSES%.made" 2>nul
if errorlevel 1 goto start
set VARVE_ARCHIVE="-Dvarve.classes=%VARVE_CLASSES%.new" %VARVE_QUIET%

:start
"%VARVE_JAVA%" -Xmx256m -XX:MaxDirectMemorySize=1g -Xshare:auto -XX:+UseSerialGC %VARVE_UNSAFE% %VARVE_ARCHIVE% %VARVE_JAVA_OPTS% -jar "%VARVE_JAR%" %*
exit /b %ERRORLEVEL%

rem Messages stand here and not in ( ) blocks, because a path such as C:\Program Files (x86) would end the block.
:no_jar
echo varve: varve-windows-x64.jar is neither in "%~dp0" nor in "%~dp0..\target"; build it with: mvn -Pwindows-x64 -DskipTests package 1>&2
exit /b 2
:no_java
echo varve: no Java found: install JDK or JRE 17 or later, or set JAVA_HOME 1>&2
exit /b 2
:bad_home
echo varve: JAVA_HOME is "%JAVA_HOME%", but there is no bin\java.exe in it 1>&2
exit /b 2
:old_java
echo varve: "%VARVE_JAVA%" is Java %VARVE_VERSION%, but Java 17 or later is needed 1>&2
exit /b 2
