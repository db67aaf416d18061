/* A stand-in for vssapi.dll and the volume calls of kernel32.dll, for tests under wine: one writer, Hyper-V's, with the machines, files and volumes
 * that the text file "script" in the folder of the environment variable VARVE_STANDIN_VSS describes. Written against the Windows headers, so the
 * compiler lays out interfaces and structures. A shadow copy is a copy of a folder, and a file "live-N" beside it that exists as long as the process
 * holds it: Windows deletes it with the handle, as it deletes a shadow copy of this kind with its process. Each call is a line of "calls".
 * Builds as PE only: the interface is Windows' calling convention and wide text. */
#define WINVER 0x0A00
#define _WIN32_WINNT 0x0A00
#define CINTERFACE
#define COBJMACROS
#define INITGUID
#include <windows.h>
#include <initguid.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Numbers of WindowsAbi.java and Privileges.java that no table has: checked by this compiler. */
_Static_assert(sizeof(WIN32_FIND_DATAW) == 592, "FIND_SIZE");
_Static_assert(offsetof(WIN32_FIND_DATAW, dwFileAttributes) == 0, "FIND_ATTRIBUTES");
_Static_assert(offsetof(WIN32_FIND_DATAW, dwReserved0) == 36, "FIND_TAG");
_Static_assert(offsetof(WIN32_FIND_DATAW, cFileName) == 44, "FIND_NAME");
_Static_assert(sizeof(((WIN32_FIND_DATAW *)0)->cFileName) == 520, "FIND_NAME_BYTES");
_Static_assert(sizeof(BY_HANDLE_FILE_INFORMATION) == 52, "INFORMATION_SIZE");
_Static_assert(offsetof(BY_HANDLE_FILE_INFORMATION, dwVolumeSerialNumber) == 28, "INFORMATION_VOLUME");
_Static_assert(offsetof(BY_HANDLE_FILE_INFORMATION, nFileIndexHigh) == 44, "INFORMATION_INDEX_HIGH");
_Static_assert(offsetof(BY_HANDLE_FILE_INFORMATION, nFileIndexLow) == 48, "INFORMATION_INDEX_LOW");
_Static_assert(sizeof(TOKEN_PRIVILEGES) == 16 && offsetof(TOKEN_PRIVILEGES, Privileges[0].Luid) == 4 &&
                   offsetof(TOKEN_PRIVILEGES, Privileges[0].Attributes) == 12, "Privileges");
_Static_assert(FILE_FLAG_OVERLAPPED == 0x40000000 && FILE_FLAG_BACKUP_SEMANTICS == 0x02000000, "flags");
_Static_assert((TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY) == 0x28 && SE_PRIVILEGE_ENABLED == 2 && ERROR_NOT_ALL_ASSIGNED == 1300, "token");
_Static_assert(ERROR_NO_MORE_FILES == 18 && ERROR_HANDLE_EOF == 38 && ERROR_IO_PENDING == 997, "errors");
_Static_assert(EOAC_STATIC_CLOAKING == 0x20 && RPC_C_AUTHN_LEVEL_PKT_PRIVACY == 6 && RPC_C_IMP_LEVEL_IMPERSONATE == 3, "COM");

#define API __declspec(dllexport)
#define M STDMETHODCALLTYPE
#define MOST 16

typedef struct { WCHAR folder[400], pattern[200]; int recursive; } SPEC;
typedef struct { WCHAR name[80], caption[300]; SPEC spec[MOST]; int specs; } MACHINE;
typedef struct { WCHAR mount[400], name[80], system[32], content[400]; } VOLUME;
typedef struct { char call[40]; HRESULT code; int times; } FAULT;

static MACHINE machine[MOST];
static VOLUME volume[MOST];
static FAULT fault[MOST], later[MOST];
static char hang[40], pending[40];
static int machines, volumes, faults, laters, has_writer = 1, loaded, leaks;
static VSS_WRITER_STATE writer_state = VSS_WS_STABLE;
static HRESULT writer_failure;
static WCHAR home[400];

static const GUID WRITER = {0x66841cd4, 0x6ded, 0x4f4b, {0x8f, 0x17, 0xfd, 0x23, 0xf8, 0xdd, 0xc3, 0xde}};
static const GUID OTHER = {0x12345678, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
static const GUID INSTANCE = {0x11111111, 0x2222, 0x3333, {1, 2, 3, 4, 5, 6, 7, 8}};
static const GUID SET = {0xaaaaaaaa, 0xbbbb, 0xcccc, {0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7}};

API unsigned StandinMarker(void) { return 0x56535331u; }

static FILE *in_home(const WCHAR *name, const WCHAR *mode) {
    WCHAR path[600];
    swprintf(path, 600, L"%ls\\%ls", home, name);
    return _wfopen(path, mode);
}

static void say(const char *format, ...) {
    FILE *f = in_home(L"calls", L"ab");
    va_list arguments;
    if (!f) return;
    va_start(arguments, format);
    vfprintf(f, format, arguments);
    va_end(arguments);
    fputc('\n', f);
    fclose(f);
}

static void wide(WCHAR *to, int room, const char *from) { MultiByteToWideChar(CP_UTF8, 0, from, -1, to, room); }

static char *part(char **rest) { /* the next part of a line, up to a bar */
    char *begin = *rest, *bar = strchr(begin, '|');
    if (bar) *bar = 0, *rest = bar + 1;
    else *rest = begin + strlen(begin);
    return begin;
}

static void load(void) {
    char line[1600];
    FILE *f;
    if (loaded) return;
    loaded = 1;
    GetEnvironmentVariableW(L"VARVE_STANDIN_VSS", home, 400);
    f = in_home(L"script", L"rb");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = 0;
        char *rest = strchr(line, ' ');
        if (rest) *rest++ = 0;
        else rest = line + strlen(line);
        if (!strcmp(line, "machine")) {
            MACHINE *m = &machine[machines++];
            wide(m->name, 80, part(&rest));
            wide(m->caption, 300, part(&rest));
        } else if (!strcmp(line, "file")) {
            MACHINE *m = &machine[machines - 1];
            SPEC *s = &m->spec[m->specs++];
            wide(s->folder, 400, part(&rest));
            wide(s->pattern, 200, part(&rest));
            s->recursive = atoi(part(&rest));
        } else if (!strcmp(line, "volume")) {
            VOLUME *v = &volume[volumes++];
            wide(v->mount, 400, part(&rest));
            wide(v->name, 80, part(&rest));
            wide(v->system, 32, part(&rest));
            wide(v->content, 400, part(&rest));
        } else if (!strcmp(line, "error") || !strcmp(line, "late")) {
            FAULT *e = line[0] == 'e' ? &fault[faults++] : &later[laters++];
            unsigned code = 0;
            e->times = 1 << 30;
            sscanf(rest, "%39s %x %d", e->call, &code, &e->times);
            e->code = (HRESULT)code;
        } else if (!strcmp(line, "hang")) snprintf(hang, sizeof hang, "%s", rest);
        else if (!strcmp(line, "pending")) snprintf(pending, sizeof pending, "%s", rest);
        else if (!strcmp(line, "nowriter")) has_writer = 0;
        else if (!strcmp(line, "leak")) leaks = 1; /* shadow copies that outlive their process */
        else if (!strcmp(line, "state")) writer_state = (VSS_WRITER_STATE)atoi(rest);
        else if (!strcmp(line, "failure")) writer_failure = (HRESULT)strtoul(rest, NULL, 16);
    }
    if (f) fclose(f);
}

static HRESULT strikes(FAULT *list, int count, const char *call) {
    for (int i = 0; i < count; i++)
        if (!strcmp(list[i].call, call) && list[i].times > 0) return list[i].times--, list[i].code;
    return S_OK;
}

/* Every call comes through here. */
static HRESULT enter(const char *call) {
    load();
    say("%s", call);
    if (!strcmp(hang, call)) Sleep(INFINITE);
    return strikes(fault, faults, call);
}
#define ENTER(name) do { HRESULT hr_ = enter(name); if (FAILED(hr_)) return hr_; } while (0)

/* ---- IVssAsync: pending once, then finished ---- */
typedef struct { IVssAsync base; char call[40]; int asked, cancelled; HRESULT end; } ASYNC;
static HRESULT M a_query(IVssAsync *t, REFIID r, void **o) { (void)t; (void)r; (void)o; return E_NOINTERFACE; }
static ULONG M a_add(IVssAsync *t) { (void)t; return 2; }
static ULONG M a_release(IVssAsync *t) { free(t); return 0; }
static HRESULT M a_cancel(IVssAsync *t) { say("Cancel %s", ((ASYNC *)t)->call); ((ASYNC *)t)->cancelled = 1; return S_OK; }
static HRESULT M a_wait(IVssAsync *t, DWORD ms) { if (!strcmp(pending, ((ASYNC *)t)->call) && !((ASYNC *)t)->cancelled) Sleep(ms > 200 ? 200 : ms); return S_OK; }
static HRESULT M a_status(IVssAsync *t, HRESULT *status, INT *reserved) {
    ASYNC *a = (ASYNC *)t;
    if (reserved) return E_INVALIDARG;
    *status = a->cancelled ? VSS_S_ASYNC_CANCELLED : !strcmp(pending, a->call) || !a->asked++ ? VSS_S_ASYNC_PENDING : FAILED(a->end) ? a->end : VSS_S_ASYNC_FINISHED;
    return S_OK;
}
static IVssAsyncVtbl a_v = {a_query, a_add, a_release, a_cancel, a_wait, a_status};
static HRESULT async(const char *call, IVssAsync **result) {
    ASYNC *a = calloc(1, sizeof *a);
    a->base.lpVtbl = &a_v;
    snprintf(a->call, sizeof a->call, "%s", call);
    a->end = strikes(later, laters, call);
    *result = &a->base;
    return S_OK;
}

/* ---- IVssWMFiledesc ---- */
typedef struct { IVssWMFiledesc base; SPEC *spec; } FILEDESC;
static HRESULT M f_query(IVssWMFiledesc *t, REFIID r, void **o) { (void)t; (void)r; (void)o; return E_NOINTERFACE; }
static ULONG M f_add(IVssWMFiledesc *t) { (void)t; return 2; }
static ULONG M f_release(IVssWMFiledesc *t) { free(t); return 0; }
static HRESULT M f_path(IVssWMFiledesc *t, BSTR *b) { *b = SysAllocString(((FILEDESC *)t)->spec->folder); return S_OK; }
static HRESULT M f_pattern(IVssWMFiledesc *t, BSTR *b) { *b = SysAllocString(((FILEDESC *)t)->spec->pattern); return S_OK; }
static HRESULT M f_recursive(IVssWMFiledesc *t, boolean *b) { *b = (boolean)((FILEDESC *)t)->spec->recursive; return S_OK; }
static HRESULT M f_alternate(IVssWMFiledesc *t, BSTR *b) { (void)t; *b = NULL; return S_FALSE; }
static HRESULT M f_mask(IVssWMFiledesc *t, DWORD *d) { (void)t; *d = VSS_FSBT_ALL_BACKUP_REQUIRED | VSS_FSBT_ALL_SNAPSHOT_REQUIRED; return S_OK; }
static IVssWMFiledescVtbl f_v = {f_query, f_add, f_release, f_path, f_pattern, f_recursive, f_alternate, f_mask};

/* ---- IVssWMComponent; the one behind the machines is the host's own ---- */
typedef struct { IVssWMComponent base; MACHINE *machine; } COMPONENT;
static HRESULT M c_query(IVssWMComponent *t, REFIID r, void **o) { (void)t; (void)r; (void)o; return E_NOINTERFACE; }
static ULONG M c_add(IVssWMComponent *t) { (void)t; return 2; }
static ULONG M c_release(IVssWMComponent *t) { free(t); return 0; }
static HRESULT M c_info(IVssWMComponent *t, PVSSCOMPONENTINFO *p) {
    MACHINE *m = ((COMPONENT *)t)->machine;
    VSS_COMPONENTINFO *i = calloc(1, sizeof *i);
    i->type = VSS_CT_FILEGROUP;
    i->bstrComponentName = SysAllocString(m ? m->name : L"Host Component");
    i->bstrCaption = SysAllocString(m ? m->caption : L"Host Component");
    i->bSelectable = 1;
    i->cFileCount = m ? (UINT)m->specs : 0;
    *p = i;
    return S_OK;
}
static HRESULT M c_free(IVssWMComponent *t, PVSSCOMPONENTINFO p) {
    VSS_COMPONENTINFO *i = (VSS_COMPONENTINFO *)p;
    (void)t;
    SysFreeString(i->bstrComponentName);
    SysFreeString(i->bstrCaption);
    free(i);
    return S_OK;
}
static HRESULT M c_file(IVssWMComponent *t, UINT n, IVssWMFiledesc **p) {
    MACHINE *m = ((COMPONENT *)t)->machine;
    if (!m || n >= (UINT)m->specs) return VSS_E_OBJECT_NOT_FOUND;
    FILEDESC *f = calloc(1, sizeof *f);
    f->base.lpVtbl = &f_v;
    f->spec = &m->spec[n];
    *p = &f->base;
    return S_OK;
}
static HRESULT M c_dependency(IVssWMComponent *t, UINT n, IVssWMDependency **p) { (void)t; (void)n; (void)p; return E_INVALIDARG; }
static IVssWMComponentVtbl c_v = {c_query, c_add, c_release, c_info, c_free, c_file, c_file, c_file, c_dependency};

/* ---- IVssExamineWriterMetadata: first another writer's, then Hyper-V's ---- */
typedef struct { IVssExamineWriterMetadata base; int is_hyperv; } METADATA;
static HRESULT M m_query(IVssExamineWriterMetadata *t, REFIID r, void **o) { (void)t; (void)r; (void)o; return E_NOINTERFACE; }
static ULONG M m_add(IVssExamineWriterMetadata *t) { (void)t; return 2; }
static ULONG M m_release(IVssExamineWriterMetadata *t) { free(t); return 0; }
static HRESULT M m_identity(IVssExamineWriterMetadata *t, VSS_ID *i, VSS_ID *w, BSTR *n, VSS_USAGE_TYPE *u, VSS_SOURCE_TYPE *s) {
    *i = INSTANCE;
    *w = ((METADATA *)t)->is_hyperv ? WRITER : OTHER;
    *n = SysAllocString(L"a writer");
    *u = 2;
    *s = 2;
    return S_OK;
}
static HRESULT M m_counts(IVssExamineWriterMetadata *t, UINT *i, UINT *e, UINT *c) { (void)t; *i = *e = 0; *c = (UINT)machines + 1; return S_OK; }
static HRESULT M m_component(IVssExamineWriterMetadata *t, UINT n, IVssWMComponent **p) {
    (void)t;
    if (n > (UINT)machines) return VSS_E_OBJECT_NOT_FOUND;
    COMPONENT *c = calloc(1, sizeof *c);
    c->base.lpVtbl = &c_v;
    c->machine = n ? &machine[n - 1] : NULL;
    *p = &c->base;
    return S_OK;
}
static IVssExamineWriterMetadataVtbl m_v = {.QueryInterface = m_query, .AddRef = m_add, .Release = m_release, .GetIdentity = m_identity,
    .GetFileCounts = m_counts, .GetComponent = m_component};

/* ---- IVssBackupComponents ---- */
typedef struct { VSS_ID id; VOLUME *of; int number; HANDLE live; } SNAPSHOT;
typedef struct { IVssBackupComponents base; SNAPSHOT snapshot[MOST]; int snapshots; } BACKUP;
#define B IVssBackupComponents *t

static void shadow_path(WCHAR *to, const WCHAR *what, int number) { swprintf(to, 600, L"%ls\\%ls-%d", home, what, number); }

static void copy(const WCHAR *from, const WCHAR *to) {
    WCHAR pattern[1200], source[1200], target[1200];
    WIN32_FIND_DATAW found;
    CreateDirectoryW(to, NULL);
    swprintf(pattern, 1200, L"%ls\\*", from);
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) return;
    do {
        if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L"..")) continue;
        swprintf(source, 1200, L"%ls\\%ls", from, found.cFileName);
        swprintf(target, 1200, L"%ls\\%ls", to, found.cFileName);
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) copy(source, target);
        else CopyFileW(source, target, FALSE);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

static void drop(SNAPSHOT *s) {
    if (s->live) CloseHandle(s->live);
    s->live = NULL;
}

static HRESULT M b_query(B, REFIID r, void **o) { (void)t; (void)r; (void)o; return E_NOINTERFACE; }
static ULONG M b_add_ref(B) { (void)t; return 2; }
static ULONG M b_release(B) {
    BACKUP *b = (BACKUP *)t;
    enter("Release");
    for (int i = 0; i < b->snapshots; i++) drop(&b->snapshot[i]);
    free(b);
    return 0;
}
static HRESULT M b_init(B, BSTR xml) { (void)t; ENTER("InitializeForBackup"); return xml ? E_INVALIDARG : S_OK; }
static HRESULT M b_context(B, LONG c) { (void)t; ENTER("SetContext"); return c ? E_INVALIDARG : S_OK; }
static HRESULT M b_state(B, boolean select, boolean boot, VSS_BACKUP_TYPE type, boolean partial) {
    (void)t;
    ENTER("SetBackupState");
    return select == 1 && !boot && type == VSS_BT_COPY && !partial ? S_OK : E_INVALIDARG;
}
static HRESULT M b_enable(B, const VSS_ID *ids, UINT n) { (void)t; ENTER("EnableWriterClasses"); return n == 1 && !memcmp(ids, &WRITER, 16) ? S_OK : E_INVALIDARG; }
static HRESULT M b_gather(B, IVssAsync **a) { (void)t; ENTER("GatherWriterMetadata"); return async("GatherWriterMetadata", a); }
static HRESULT M b_count(B, UINT *n) { (void)t; *n = has_writer ? 2 : 1; return S_OK; }
static HRESULT M b_metadata(B, UINT i, VSS_ID *id, IVssExamineWriterMetadata **m) {
    (void)t;
    METADATA *d = calloc(1, sizeof *d);
    d->base.lpVtbl = &m_v;
    d->is_hyperv = i == 1;
    *id = INSTANCE;
    *m = &d->base;
    return S_OK;
}
static HRESULT M b_free(B) { (void)t; ENTER("FreeWriterMetadata"); return S_OK; }
static HRESULT M b_add(B, VSS_ID i, VSS_ID w, VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name) {
    (void)t;
    ENTER("AddComponent");
    for (int n = 0; n < machines; n++)
        if (!memcmp(&i, &INSTANCE, 16) && !memcmp(&w, &WRITER, 16) && type == VSS_CT_FILEGROUP && !path && !wcscmp(name, machine[n].name)) return S_OK;
    return VSS_E_OBJECT_NOT_FOUND;
}
static HRESULT M b_prepare(B, IVssAsync **a) { (void)t; ENTER("PrepareForBackup"); return async("PrepareForBackup", a); }
static HRESULT M b_abort(B) { (void)t; ENTER("AbortBackup"); return S_OK; }
static HRESULT M b_gather_status(B, IVssAsync **a) { (void)t; ENTER("GatherWriterStatus"); return async("GatherWriterStatus", a); }
static HRESULT M b_free_status(B) { (void)t; ENTER("FreeWriterStatus"); return S_OK; }
static HRESULT M b_status(B, UINT n, VSS_ID *i, VSS_ID *w, BSTR *name, VSS_WRITER_STATE *s, HRESULT *h) {
    (void)t;
    *i = INSTANCE;
    *w = n ? WRITER : OTHER;
    *name = SysAllocString(L"a writer");
    *s = n ? writer_state : VSS_WS_FAILED_AT_FREEZE;
    *h = n ? writer_failure : VSS_E_WRITERERROR_NONRETRYABLE;
    return S_OK;
}
static HRESULT M b_succeeded(B, VSS_ID i, VSS_ID w, VSS_COMPONENT_TYPE type, LPCWSTR path, LPCWSTR name, boolean ok) {
    (void)t;
    ENTER("SetBackupSucceeded");
    return !memcmp(&i, &INSTANCE, 16) && !memcmp(&w, &WRITER, 16) && type == VSS_CT_FILEGROUP && !path && name && ok == 1 ? S_OK : E_INVALIDARG;
}
static HRESULT M b_complete(B, IVssAsync **a) { (void)t; ENTER("BackupComplete"); return async("BackupComplete", a); }
static HRESULT M b_start(B, VSS_ID *id) { (void)t; ENTER("StartSnapshotSet"); *id = SET; return S_OK; }
static HRESULT M b_supported(B, VSS_ID p, VSS_PWSZ v, BOOL *is) { (void)t; (void)p; (void)v; ENTER("IsVolumeSupported"); *is = TRUE; return S_OK; }
static HRESULT M b_add_volume(B, VSS_PWSZ name, VSS_ID provider, VSS_ID *id) {
    BACKUP *b = (BACKUP *)t;
    static const GUID ANY;
    ENTER("AddToSnapshotSet");
    if (memcmp(&provider, &ANY, 16)) return E_INVALIDARG;
    for (int i = 0; i < b->snapshots; i++)
        if (!wcscmp(b->snapshot[i].of->name, name)) return VSS_E_OBJECT_ALREADY_EXISTS;
    for (int i = 0; i < volumes; i++)
        if (!wcscmp(volume[i].name, name)) {
            SNAPSHOT *s = &b->snapshot[b->snapshots++];
            s->of = &volume[i];
            CoCreateGuid(&s->id);
            *id = s->id;
            return S_OK;
        }
    return VSS_E_VOLUME_NOT_SUPPORTED;
}
static HRESULT M b_do(B, IVssAsync **a) {
    BACKUP *b = (BACKUP *)t;
    static int number;
    ENTER("DoSnapshotSet");
    for (int i = 0; i < b->snapshots; i++) {
        SNAPSHOT *s = &b->snapshot[i];
        WCHAR path[600];
        s->number = (int)(GetCurrentProcessId() * 100 + (DWORD)number++);
        shadow_path(path, L"live", s->number);
        s->live = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, CREATE_ALWAYS, leaks ? 0 : FILE_FLAG_DELETE_ON_CLOSE, NULL);
        if (s->live == INVALID_HANDLE_VALUE) return VSS_E_UNEXPECTED;
        shadow_path(path, L"shadow", s->number);
        copy(s->of->content, path);
    }
    return async("DoSnapshotSet", a);
}
static HRESULT M b_delete(B, VSS_ID id, VSS_OBJECT_TYPE type, BOOL force, LONG *n, VSS_ID *not) {
    BACKUP *b = (BACKUP *)t;
    ENTER("DeleteSnapshots");
    if (memcmp(&id, &SET, 16) || type != VSS_OBJECT_SNAPSHOT_SET || !force || !not) return E_INVALIDARG;
    for (int i = 0; i < b->snapshots; i++) drop(&b->snapshot[i]);
    *n = b->snapshots;
    return S_OK;
}
static VSS_PWSZ allocated(const WCHAR *text) {
    VSS_PWSZ p = CoTaskMemAlloc((wcslen(text) + 1) * 2);
    wcscpy(p, text);
    return p;
}
static HRESULT M b_properties(B, VSS_ID id, VSS_SNAPSHOT_PROP *p) {
    BACKUP *b = (BACKUP *)t;
    FILE *overflow = in_home(L"overflow", L"rb");
    ENTER("GetSnapshotProperties");
    if (overflow) return fclose(overflow), VSS_E_OBJECT_NOT_FOUND;
    for (int i = 0; i < b->snapshots; i++) {
        SNAPSHOT *s = &b->snapshot[i];
        WCHAR path[600], device[620];
        if (memcmp(&s->id, &id, 16) || !s->live) continue;
        memset(p, 0, sizeof *p);
        shadow_path(path, L"shadow", s->number);
        swprintf(device, 620, L"\\\\?\\%ls", path);
        p->m_SnapshotId = id;
        p->m_SnapshotSetId = SET;
        p->m_pwszSnapshotDeviceObject = allocated(device);
        p->m_pwszOriginalVolumeName = allocated(s->of->name);
        p->m_eStatus = VSS_SS_CREATED;
        return S_OK;
    }
    return VSS_E_OBJECT_NOT_FOUND;
}
static IVssBackupComponentsVtbl b_v = {.QueryInterface = b_query, .AddRef = b_add_ref, .Release = b_release, .InitializeForBackup = b_init,
    .SetBackupState = b_state, .SetContext = b_context, .GatherWriterMetadata = b_gather, .GetWriterMetadataCount = b_count,
    .GetWriterMetadata = b_metadata, .FreeWriterMetadata = b_free, .AddComponent = b_add, .PrepareForBackup = b_prepare, .AbortBackup = b_abort,
    .GatherWriterStatus = b_gather_status, .GetWriterStatusCount = b_count, .FreeWriterStatus = b_free_status, .GetWriterStatus = b_status,
    .SetBackupSucceeded = b_succeeded, .BackupComplete = b_complete, .StartSnapshotSet = b_start, .AddToSnapshotSet = b_add_volume,
    .DoSnapshotSet = b_do, .DeleteSnapshots = b_delete, .GetSnapshotProperties = b_properties, .IsVolumeSupported = b_supported,
    .EnableWriterClasses = b_enable};

API HRESULT WINAPI CreateVssBackupComponentsInternal_(IVssBackupComponents **p) {
    BACKUP *b;
    ENTER("Create");
    b = calloc(1, sizeof *b);
    b->base.lpVtbl = &b_v;
    *p = &b->base;
    return S_OK;
}
API void WINAPI VssFreeSnapshotPropertiesInternal_(VSS_SNAPSHOT_PROP *p) {
    CoTaskMemFree(p->m_pwszSnapshotDeviceObject);
    CoTaskMemFree(p->m_pwszOriginalVolumeName);
}

/* ---- kernel32's volume calls ---- */
static VOLUME *mounted(const WCHAR *path) {
    VOLUME *best = NULL;
    load();
    for (int i = 0; i < volumes; i++) {
        size_t n = wcslen(volume[i].mount);
        if ((!_wcsnicmp(path, volume[i].mount, n) || (wcslen(path) == n - 1 && !_wcsnicmp(path, volume[i].mount, n - 1))) && (!best || n > wcslen(best->mount)))
            best = &volume[i];
    }
    if (!best) SetLastError(ERROR_INVALID_NAME);
    return best;
}
API BOOL standin_path(const WCHAR *file, WCHAR *root, DWORD length) {
    VOLUME *v = mounted(file);
    if (!v || wcslen(v->mount) >= length) return FALSE;
    wcscpy(root, v->mount);
    return TRUE;
}
API BOOL standin_name(const WCHAR *mount, WCHAR *name, DWORD length) {
    VOLUME *v = mounted(mount);
    if (!v || wcslen(v->name) >= length) return FALSE;
    wcscpy(name, v->name);
    return TRUE;
}
API BOOL standin_information(const WCHAR *root, WCHAR *name, DWORD room, DWORD *serial, DWORD *longest, DWORD *flags, WCHAR *system, DWORD length) {
    VOLUME *v = mounted(root);
    if (!v || name || room || serial || longest || flags || wcslen(v->system) >= length) return FALSE;
    wcscpy(system, v->system);
    return TRUE;
}
