/* press OUTPUT MILLIS TIMES COMMAND…: runs COMMAND in a console of its own, with its output into the file OUTPUT, presses Ctrl-C there after MILLIS,
 * so many times, 50 ms apart, and ends with COMMAND's exit code. For tests under wine. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

static BOOL WINAPI deaf(DWORD event) {
    (void)event;
    return TRUE; /* a handler, unlike "ignore", is not inherited */
}

int wmain(int count, wchar_t **arguments) {
    static wchar_t line[32768];
    STARTUPINFOW start = {0};
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    PROCESS_INFORMATION child;
    DWORD code = 99;
    if (count < 5) return 98;
    for (int i = 4; i < count; i++) {
        wcscat(line, L"\"");
        wcscat(line, arguments[i]);
        wcscat(line, i + 1 < count ? L"\" " : L"\"");
    }
    FreeConsole();
    if (!AllocConsole()) return 97;
    SetConsoleCtrlHandler(deaf, TRUE);
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = start.hStdError = CreateFileW(arguments[1], GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                                     &inherited, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child)) return 96;
    Sleep((DWORD)_wtoi(arguments[2]));
    for (int i = _wtoi(arguments[3]); i > 0; i--) {
        if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return 95;
        Sleep(50);
    }
    WaitForSingleObject(child.hProcess, 60000);
    GetExitCodeProcess(child.hProcess, &code);
    return (int)code;
}
