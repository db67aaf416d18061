/* press OUTPUT MILLIS EVENT COMMAND…: runs COMMAND in a console of its own, with its output into the file OUTPUT, does EVENT so many
 * milliseconds after COMMAND's first output (a minute later if there is none), and ends with COMMAND's exit code. For tests under wine. EVENT:
 *   1, 2 …  presses Ctrl-C so many times, 50 ms apart
 *   break   tells COMMAND what Windows tells it when Ctrl-Break is pressed
 *   close   tells COMMAND what Windows tells it when its console window is closed, and kills it 30 s later, with exit code 94, if it still runs; Windows gives 5 s
 * Wine passes on no Ctrl-Break and has no console window without a desktop. So "break" and "close" call, in a thread made in COMMAND's process, the
 * routine that Windows calls there. What Windows does when that routine has returned is not shown: after "close" it may end the process at once. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

static BOOL WINAPI deaf(DWORD event) {
    (void)event;
    return TRUE; /* a handler, unlike "ignore", is not inherited */
}

static int pressCtrlC(int times) {
    for (; times > 0; times--) {
        if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0)) return 95;
        Sleep(50);
    }
    return 0;
}

/* The system's libraries lie at the same addresses in all processes. */
static int tell(HANDLE process, DWORD event) {
    FARPROC routine = GetProcAddress(GetModuleHandleW(L"kernelbase"), "CtrlRoutine");
    HANDLE thread = routine == NULL ? NULL
                                    : CreateRemoteThread(process, NULL, 0, (LPTHREAD_START_ROUTINE)(void *)routine,
                                                         (void *)(ULONG_PTR)event, 0, NULL);
    if (thread == NULL) return 93;
    CloseHandle(thread);
    return 0;
}

int wmain(int count, wchar_t **arguments) {
    static wchar_t line[32768];
    STARTUPINFOW start = {0};
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    PROCESS_INFORMATION child;
    DWORD code = 99;
    int failed;
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
    for (int tenths = 0; tenths < 600 && !GetFileSize(start.hStdOutput, NULL); tenths++) Sleep(100);
    Sleep((DWORD)_wtoi(arguments[2]));
    if (wcscmp(arguments[3], L"close") == 0) {
        failed = tell(child.hProcess, CTRL_CLOSE_EVENT);
        if (!failed && WaitForSingleObject(child.hProcess, 30000) == WAIT_TIMEOUT) TerminateProcess(child.hProcess, 94);
    } else if (wcscmp(arguments[3], L"break") == 0) {
        failed = tell(child.hProcess, CTRL_BREAK_EVENT);
    } else {
        failed = pressCtrlC(_wtoi(arguments[3]));
    }
    if (failed) return failed;
    WaitForSingleObject(child.hProcess, 60000);
    GetExitCodeProcess(child.hProcess, &code);
    return (int)code;
}
