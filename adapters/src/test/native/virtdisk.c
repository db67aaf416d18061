/* A stand-in for virtdisk.dll and CloseHandle, for tests without Windows: the documented calls over a disk of which a
 * text file beside it ("<path>.standin") says everything. Builds as ELF and as PE. What it does is our reading of the
 * documentation, and not Windows. Lines of the file, numbers in any notation of C:
 *   size N | sector N | id GUID-bytes-in-hex | enabled 0/1 | newer 0/1 | recent TEXT
 *   error open|info|set|query|attach|read|detach CODE [TIMES [AFTER]]   fails so often, then works; without TIMES, and with 0, for
 *                 ever; AFTER so many calls that work
 *   slow open|info|set|query|attach|detach|close MILLIS      takes so long each time
 *   hang open|info|set|query|attach|detach|close|read|cancel FILE   does not return, or end, before FILE exists
 *   mounted NAME  what is attached is a disk of the host, called so: somebody else attached it
 *   lingers 1     an attached disk stays so when its process dies: "<path>.attached" says that it is
 *   page N        ranges of one answer          stall 1      never any progress
 *   step N        bytes processed at most       count N      claims to have filled N ranges
 *   device N      kind of file, 3 (VHDX) by default      subtype N     layout, 3 (dynamic) by default
 *   identifier GUID-bytes-in-hex     parent GUID-bytes-in-hex    identifiers of the content and of the parent's
 *   at PATH       where the parent is; "lost PATH", where it was looked for: any number
 *   content FILE  raw content of the disk, for reads   async 1   reads are answered later
 *   since TEXT    the change id that is known   range OFFSET LENGTH    changed since then, verbatim */
#define _XOPEN_SOURCE 700
#include "standin.h"

typedef uint64_t U64;
typedef struct { U64 offset, length, reserved; } RANGE;

#define MAGIC 0x56444b32u
#define MOST 65536

enum { OPEN, INFO, SET, QUERY, ATTACH, READ, DETACH, CLOSE, CANCEL, CALLS };
static const char *CALL[CALLS] = {"open", "info", "set", "query", "attach", "read", "detach", "close", "cancel"};

typedef struct {
    U32 magic, sector, enabled, newer, page, stall, page_is_lie;
    U64 size, step;
    uint8_t id[16], identifier[16], parent[16];
    U32 device, subtype, found, places;
    char place[8][1024];
    U32 attached, async, lingers;
    char content[1100], mounted[100];
    char recent[300], since[300], file[1100];
    U32 error[CALLS], slow[CALLS];
    char until[CALLS][600];
    long times[CALLS], after[CALLS];
    U32 ranges;
    RANGE range[MOST];
} DISK;

/* An event, which a read that hangs is waited for at; "stuck" says of which disk. */
typedef struct { U32 magic; DISK *stuck; U32 cancelled; } EVENT;

#define EVENT_MAGIC 0x45564e54u

static int attached, events;
static int opened; /* handles that nobody has closed: a test asks */
static long failed[CALLS]; /* calls on disks that have an error to give */

API int StandinOpen(void) { return opened; }
API int StandinAttached(void) { return attached; }
API int StandinEvents(void) { return events; }
API void StandinReset(void) { memset(failed, 0, sizeof failed); }
API void StandinForget(void) { opened = attached = events = 0; } /* what an earlier test left on purpose */
API U32 StandinMarker(void) { return MAGIC; }

/* What is open, attached and waited for is also written into a file, which outlives the process. */
static char state_file[1100];

static void note(void) {
    FILE *f = *state_file ? fopen(state_file, "w") : NULL;
    if (!f) return;
    fprintf(f, "open %d attached %d events %d\n", opened, attached, events);
    fclose(f);
}

API void StandinState(const W *file) {
    narrow(file, state_file, sizeof state_file);
    note();
}

static U32 wide(const char *from, void *to) {
    W *w = to;
    U32 n = 0;
    do w[n] = (W)(uint8_t)from[n]; while (from[n++]);
    return n * 2;
}

static void guid(const char *line, uint8_t *to) {
    char text[64];
    if (sscanf(line, "%*s %63s", text) != 1) return;
    for (int i = 0; i < 16; i++) {
        unsigned byte = 0;
        sscanf(text + 2 * i, "%2x", &byte);
        to[i] = (uint8_t)byte;
    }
}

static int load(DISK *d) {
    char line[1400], word[32];
    FILE *f = fopen(d->file, "r");
    if (!f) return 0;
    while (fgets(line, sizeof line, f)) {
        unsigned long long a = 0, b = 0;
        if (sscanf(line, "%31s", word) != 1) continue;
        char *rest = line + strcspn(line, " \n");
        a = strtoull(rest, &rest, 0);
        b = strtoull(rest, NULL, 0);
        if (!strcmp(word, "size")) d->size = a;
        else if (!strcmp(word, "sector")) d->sector = (U32)a;
        else if (!strcmp(word, "enabled")) d->enabled = (U32)a;
        else if (!strcmp(word, "newer")) d->newer = (U32)a;
        else if (!strcmp(word, "page")) d->page = (U32)a;
        else if (!strcmp(word, "step")) d->step = a;
        else if (!strcmp(word, "stall")) d->stall = (U32)a;
        else if (!strcmp(word, "count")) d->page_is_lie = (U32)a;
        else if (!strcmp(word, "async")) d->async = (U32)a;
        else if (!strcmp(word, "content")) sscanf(line, "%*s %1023s", d->content);
        else if (!strcmp(word, "mounted")) sscanf(line, "%*s %99s", d->mounted);
        else if (!strcmp(word, "recent")) sscanf(line, "%*s %299s", d->recent);
        else if (!strcmp(word, "since")) sscanf(line, "%*s %299s", d->since);
        else if (!strcmp(word, "id")) guid(line, d->id);
        else if (!strcmp(word, "identifier")) guid(line, d->identifier);
        else if (!strcmp(word, "parent")) guid(line, d->parent);
        else if (!strcmp(word, "lingers")) d->lingers = (U32)a;
        else if (!strcmp(word, "device")) d->device = (U32)a;
        else if (!strcmp(word, "subtype")) d->subtype = (U32)a;
        else if ((!strcmp(word, "at") || !strcmp(word, "lost")) && d->places < 8) {
            d->found = !strcmp(word, "at");
            sscanf(line, "%*s %1023[^\r\n]", d->place[d->places++]);
        } else if (!strcmp(word, "range") && d->ranges < MOST) {
            d->range[d->ranges].offset = a;
            d->range[d->ranges++].length = b;
        } else if (!strcmp(word, "slow") || !strcmp(word, "hang")) {
            char call[16], until[600];
            U32 millis = 0;
            sscanf(line, "%*s %15s %599[^\r\n]", call, until);
            millis = (U32)strtoul(until, NULL, 0);
            for (int i = 0; i < CALLS; i++)
                if (!strcmp(call, CALL[i])) {
                    if (*word == 's') d->slow[i] = millis;
                    else memcpy(d->until[i], until, sizeof until);
                }
        } else if (!strcmp(word, "error")) {
            char call[16];
            unsigned long long code = 0;
            long times = 0, after = 0;
            sscanf(line, "%*s %15s %lli %li %li", call, (long long *)&code, &times, &after);
            for (int i = 0; i < CALLS; i++)
                if (!strcmp(call, CALL[i])) d->error[i] = (U32)code, d->times[i] = times, d->after[i] = after;
        }
    }
    fclose(f);
    return 1;
}

static int is_over(const char *until) {
    FILE *f = fopen(until, "r");
    if (f) fclose(f);
    return f != NULL;
}

static void takes_its_time(DISK *d, int call) {
    if (d->slow[call]) pause_for(d->slow[call]);
    while (*d->until[call] && !is_over(d->until[call])) pause_for(20);
}

static U32 fails(DISK *d, int call) {
    if (call != READ) takes_its_time(d, call);
    if (!d->error[call]) return 0;
    long call_number = failed[call]++ - d->after[call];
    if (call_number < 0 || (d->times[call] && call_number >= d->times[call])) return 0;
    return d->error[call];
}

API U32 OpenVirtualDisk(const U32 *type, const W *path, U32 access, U32 flags, const U32 *parameters, void **handle) {
    if (!type || !path || !handle || type[0] > 4 || flags > 1) return 87;
    if (!parameters || (parameters[0] == 1 ? access != 0xC0000 : parameters[0] != 2 || access)) return 87;
    DISK *d = calloc(1, sizeof *d);
    char name[1024];
    narrow(path, name, sizeof name);
    snprintf(d->file, sizeof d->file, "%s.standin", name);
    d->sector = 512;
    d->page = MOST;
    d->enabled = 1;
    d->device = d->subtype = 3;
    U32 error = load(d) ? fails(d, OPEN) : 2;
    if (flags && error >= 0xC03A000Du && error <= 0xC03A0019u) error = 0; /* opened without parents */
    if (error) {
        free(d);
        return error;
    }
    d->magic = MAGIC;
    opened++;
    note();
    *handle = d;
    return 0;
}

static DISK *disk(void *handle) {
    DISK *d = handle;
    return d && d->magic == MAGIC ? d : NULL;
}

static const char *mark(DISK *d) {
    static char name[1200];
    snprintf(name, sizeof name, "%.*s.attached", (int)(strlen(d->file) - strlen(".standin")), d->file);
    return name;
}

static void detach(DISK *d) {
    if (d->lingers) remove(mark(d));
    if (!d->attached) return;
    d->attached = 0;
    attached--;
}

API int CloseHandle(void *handle) {
    EVENT *event = handle;
    if (event && event->magic == EVENT_MAGIC) {
        event->magic = 0;
        free(event);
        events--;
        note();
        return 1;
    }
    DISK *d = disk(handle);
    if (!d) return 0;
    takes_its_time(d, CLOSE);
    if (d->attached) detach(d);
    d->magic = 0;
    free(d);
    opened--;
    note();
    return 1;
}

API U32 AttachVirtualDisk(void *handle, void *security, U32 flags, U32 provider, const U32 *parameters, void *overlapped) {
    DISK *d = disk(handle);
    if (!d) return 6;
    U32 error = fails(d, ATTACH);
    if (error) return error;
    if (security || provider || overlapped || !parameters || parameters[0] != 1 || flags != 9) return 87;
    if (d->attached || (d->lingers && is_over(mark(d)))) return 0xC03A001Eu;
    FILE *f = d->lingers ? fopen(mark(d), "w") : NULL;
    if (f) fclose(f);
    d->attached = 1;
    attached++;
    note();
    return 0;
}

API U32 DetachVirtualDisk(void *handle, U32 flags, U32 provider) {
    DISK *d = disk(handle);
    if (!d) return 6;
    U32 error = fails(d, DETACH);
    if (error) return error;
    if (flags || provider || !(d->attached || (d->lingers && is_over(mark(d))))) return 87;
    detach(d);
    note();
    return 0;
}

API U32 GetVirtualDiskPhysicalPath(void *handle, U32 *bytes, void *path) {
    DISK *d = disk(handle);
    if (!d) return 6;
    if (!bytes || !path) return 87;
    if (!*d->mounted || !is_over(mark(d))) return 21;
    U32 need = 2 * (U32)(strlen(d->mounted) + 1), room = *bytes;
    *bytes = need;
    if (room < need) return 122;
    wide(d->mounted, path);
    return 0;
}

API void *CreateEventW(void *security, int manual, int initial, const W *name) {
    if (security || !manual || initial || name) return NULL;
    EVENT *event = calloc(1, sizeof *event);
    event->magic = EVENT_MAGIC;
    events++;
    note();
    return event;
}

/* The OVERLAPPED as the caller laid it out; the result is kept in its first two fields, as Windows does. */
typedef struct { U64 status, got; U32 offset, high; void *event; } OVER;

API int ReadFile(void *handle, void *target, U32 length, U32 *got, OVER *over) {
    DISK *d = disk(handle);
    U64 at = over ? (U64)over->high << 32 | over->offset : 0;
    EVENT *event = over ? over->event : NULL;
    if (!d || !over || got || !event || event->magic != EVENT_MAGIC) return LAST_ERROR(87), 0;
    U32 error = d->attached ? fails(d, READ) : 21;
    if (error) return LAST_ERROR(error), 0;
    if (at % d->sector || length % d->sector || (uintptr_t)target % d->sector || at + length > d->size)
        return LAST_ERROR(87), 0;
    event->cancelled = 0;
    event->stuck = *d->until[READ] && !is_over(d->until[READ]) ? d : NULL;
    if (event->stuck) return LAST_ERROR(997), 0;
    FILE *f = fopen(d->content, "rb");
    if (!f) return LAST_ERROR(2), 0;
    memset(target, 0, length);
    if (fseek(f, (long)at, SEEK_SET) || (fread(target, 1, length, f) < length && ferror(f))) length = 0;
    fclose(f);
    over->status = 0;
    over->got = length;
    if (d->async) return LAST_ERROR(997), 0;
    return 1;
}

API int GetOverlappedResult(void *handle, const OVER *over, U32 *got, int wait) {
    if (!disk(handle) || !over || !got || !wait) return LAST_ERROR(87), 0;
    const EVENT *event = over->event;
    while (event->stuck) pause_for(20);
    if (event->cancelled) return LAST_ERROR(995), 0;
    *got = (U32)over->got;
    return 1;
}

API U32 WaitForSingleObject(EVENT *event, U32 millis) {
    if (!event || event->magic != EVENT_MAGIC) return 0xFFFFFFFFu;
    if (!event->stuck) return 0;
    pause_for(millis);
    return 258;
}

API int CancelIoEx(void *handle, const OVER *over) {
    DISK *d = disk(handle);
    if (!d || !over) return LAST_ERROR(6), 0;
    EVENT *event = over->event;
    if (*d->until[CANCEL] && !is_over(d->until[CANCEL])) return 1; /* asked, and not done */
    event->cancelled = event->stuck != NULL;
    event->stuck = NULL;
    return 1;
}

API U32 GetVirtualDiskInformation(void *handle, U32 *size, uint8_t *info, U32 *used) {
    DISK *d = disk(handle);
    if (!d) return 6;
    if (!size || !info || *size < 4) return 87;
    U32 error = fails(d, INFO), need = 32, version = *(U32 *)info;
    if (error) return error;
    if (version == 3) {
        if (d->subtype != 4) return 0xC03A001Bu;
        need = 12 + (d->found ? 0 : 2);
        for (U32 i = 0; i < d->places; i++) need += 2 * (U32)(strlen(d->place[i]) + 1);
    }
    if (version == 4 && d->subtype != 4) return 0xC03A001Bu;
    if (version == 15) need = 16 + 2 * (U32)(strlen(d->recent) + 1);
    if (*size < need) {
        *size = need;
        return 122;
    }
    switch (version) {
        case 1:
            memcpy(info + 8, &d->size, 8);
            memset(info + 16, 0, 8);
            *(U32 *)(info + 24) = 2u << 20;
            *(U32 *)(info + 28) = d->sector;
            break;
        case 2: memcpy(info + 8, d->identifier, 16); break;
        case 3:
            *(U32 *)(info + 8) = d->found;
            for (U32 i = 0, to = 12; i < d->places; i++) to += wide(d->place[i], info + to);
            if (!d->found) memset(info + need - 2, 0, 2);
            break;
        case 4: memcpy(info + 8, d->parent, 16); break;
        case 6:
            memcpy(info + 8, &d->device, 4);
            memcpy(info + 12, "\xec\x4a\x98\xec\xf9\xa0\xe9\x47\x90\x1f\x71\x41\x5a\x66\x34\x5b", 16);
            break;
        case 7: memcpy(info + 8, &d->subtype, 4); break;
        case 13: *(U32 *)(info + 8) = d->attached || (d->lingers && is_over(mark(d))); break;
        case 14: memcpy(info + 8, d->id, 16); break;
        case 15:
            *(U32 *)(info + 8) = d->enabled;
            *(U32 *)(info + 12) = d->newer;
            wide(d->recent, info + 16);
            break;
        default: return 87;
    }
    *size = need;
    if (used) *used = need;
    return 0;
}

API U32 SetVirtualDiskInformation(void *handle, const U32 *info) {
    DISK *d = disk(handle);
    if (!d) return 6;
    U32 error = fails(d, SET);
    if (error) return error;
    int is_id = info && info[0] == 5, is_identifier = info && info[0] == 2;
    if (!info || (info[0] != 6 && !is_id && !is_identifier)) return 87;
    if (is_id && d->device == 2) return 87; /* a VHD has none */
    FILE *f = fopen(d->file, "a");
    if (!f) return 5;
    if (is_id || is_identifier) {
        const uint8_t *id = (const uint8_t *)info + 8;
        memcpy(is_id ? d->id : d->identifier, id, 16);
        fprintf(f, is_id ? "id " : "identifier ");
        for (int i = 0; i < 16; i++) fprintf(f, "%02x", id[i]);
        fprintf(f, "\n");
    } else {
        d->enabled = info[2] != 0;
        fprintf(f, "enabled %u\n", d->enabled);
    }
    fclose(f);
    return 0;
}

API U32 QueryChangesVirtualDisk(void *handle, const W *id, U64 offset, U64 length, U32 flags, RANGE *ranges, U32 *count,
                                U64 *processed) {
    DISK *d = disk(handle);
    char asked[300];
    if (!d) return 6;
    if (!id || !ranges || !count || !processed || flags || !*count) return 87;
    U32 error = fails(d, QUERY);
    if (error) return error;
    if (!d->enabled) return 0xC03A002Au;
    narrow(id, asked, sizeof asked);
    if (strcmp(asked, d->since)) return 0xC03A0030u;
    if (offset > d->size || length > d->size - offset) return 87;
    U32 room = *count < d->page ? *count : d->page, n = 0;
    U64 done = length;
    if (d->step && d->step < done) done = d->step;
    for (U32 i = 0; i < d->ranges; i++) {
        RANGE r = d->range[i];
        if (r.offset < offset || r.offset >= offset + done) {
            if (r.offset < d->size || offset) continue; /* a lie about what is behind the end is told at once */
        }
        if (n == room) {
            done = r.offset - offset;
            break;
        }
        ranges[n].offset = r.offset;
        ranges[n].length = r.length;
        ranges[n++].reserved = 0;
    }
    *count = d->page_is_lie ? d->page_is_lie : n;
    *processed = d->stall ? 0 : done;
    return 0;
}
