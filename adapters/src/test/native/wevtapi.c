/* A stand-in for wevtapi.dll, for tests without Windows: the documented calls over a text file of which each line is one event in XML, the
 * newest last, with its EventID and EventRecordID in <EventID>N</EventID> and <EventRecordID>N</EventRecordID>. It understands the two queries
 * that are asked, and no others. Builds as ELF and as PE. */
#include "standin.h"

#define LINE 60000
#define MOST 1000

typedef struct { char *event[MOST]; int count, next; } RESULTS;

static char log_file[1100];
static int opened; /* handles that nobody has closed */
static U32 query_error;

API int StandinOpen(void) { return opened; }
API U32 StandinMarker(void) { return 0x57455654u; }
API void StandinError(U32 code) { query_error = code; }

API void StandinLog(const W *file) { narrow(file, log_file, sizeof log_file); }

static long long number(const char *event, const char *tag) {
    const char *at = strstr(event, tag);
    return at ? strtoll(at + strlen(tag), NULL, 10) : -1;
}

API void *EvtQuery(void *session, const W *channel, const W *query, U32 flags) {
    char asked[300], where[200], line[LINE];
    long long since = -1;
    int any, end = 0;
    if (session || !channel || !query || flags != 0x201) return LAST_ERROR(87), NULL;
    if (query_error) return LAST_ERROR(query_error), NULL;
    narrow(channel, where, sizeof where);
    narrow(query, asked, sizeof asked);
    if (strcmp(where, "Microsoft-Windows-VHDMP-Operational")) return LAST_ERROR(15007), NULL;
    any = !strcmp(asked, "*");
    sscanf(asked, "*[System[(EventID=8 or EventID=9 or EventID=10) and (EventRecordID > %lld)]]%n", &since, &end);
    if (!any && (!end || asked[end])) return LAST_ERROR(15001), NULL;
    RESULTS *results = calloc(1, sizeof *results);
    FILE *f = fopen(log_file, "r");
    while (f && results->count < MOST && fgets(line, sizeof line, f)) {
        long long id = number(line, "<EventID>");
        if (any || ((id == 8 || id == 9 || id == 10) && number(line, "<EventRecordID>") > since))
            results->event[results->count++] = strdup(line);
    }
    if (f) fclose(f);
    results->next = results->count;
    opened++;
    return results;
}

API int EvtNext(RESULTS *results, U32 size, void **events, U32 timeout, U32 flags, U32 *returned) {
    if (!results || size != 1 || !events || !timeout || flags || !returned) return LAST_ERROR(87), 0;
    if (!results->next) return LAST_ERROR(259), 0;
    RESULTS *event = calloc(1, sizeof *event); /* of one: what is closed is always of one kind */
    event->event[0] = strdup(results->event[--results->next]);
    event->count = 1;
    *events = event;
    *returned = 1;
    opened++;
    return 1;
}

API int EvtRender(void *context, RESULTS *event, U32 flags, U32 size, W *buffer, U32 *used, U32 *properties) {
    U32 n = 0;
    if (context || !event || flags != 1 || !used || !properties) return LAST_ERROR(87), 0;
    *used = 2 * (U32)(strlen(event->event[0]) + 1);
    *properties = 0;
    if (*used > size) return LAST_ERROR(122), 0;
    do buffer[n] = (W)(uint8_t)event->event[0][n]; while (event->event[0][n++]);
    return 1;
}

API int EvtClose(RESULTS *handle) {
    if (!handle) return LAST_ERROR(6), 0;
    for (int i = 0; i < handle->count; i++) free(handle->event[i]);
    free(handle);
    opened--;
    return 1;
}
