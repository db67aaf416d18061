/* What the stand-ins of Windows' libraries share. Each builds as ELF and as PE. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What goes wrong in calls of kernel32 and wevtapi is the thread's last error; on other systems JNA takes errno for it. */
#ifdef _WIN32
#define API __declspec(dllexport)
__declspec(dllimport) void SetLastError(unsigned long);
__declspec(dllimport) void Sleep(unsigned long);
#define LAST_ERROR(code) SetLastError((unsigned long)(code))
#else
#include <time.h>
#define API __attribute__((visibility("default")))
#define LAST_ERROR(code) (errno = (int)(code))
#endif

typedef uint16_t W;
typedef uint32_t U32;

static inline void pause_for(U32 millis) {
#ifdef _WIN32
    Sleep(millis);
#else
    struct timespec time = {millis / 1000, (long)(millis % 1000) * 1000000};
    nanosleep(&time, NULL);
#endif
}

static void narrow(const W *from, char *to, size_t room) {
    size_t n = 0;
    for (; from[n] && n + 1 < room; n++) to[n] = from[n] < 128 ? (char)from[n] : '?';
    to[n] = 0;
}
