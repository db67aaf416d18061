package io.varve.adapters.windows;

import com.sun.jna.Pointer;

/**
 * Offsets, sizes and numbers of {@code winbase.h} and {@code fileapi.h} on 64-bit Windows. The stand-ins' C sources
 * assert the same ones, so a compiler with the Windows headers checks them.
 */
final class WindowsAbi {
    static final Pointer INVALID_HANDLE = Pointer.createConstant(-1L);

    static final int GENERIC_READ = 0x80000000;

    /** For reading, writing and deleting: nobody is kept away. */
    static final int SHARE_ALL = 7;

    static final int OPEN_EXISTING = 3;

    static final int FLAG_OVERLAPPED = 0x40000000;

    /** Reads what the access control list would forbid, with the backup privilege; opens folders as well. */
    static final int FLAG_BACKUP_SEMANTICS = 0x02000000;

    static final int ATTRIBUTE_DIRECTORY = 0x10;
    static final int ATTRIBUTE_REPARSE_POINT = 0x400;

    /** Bit of a reparse tag: it stands for another name, as links and mount points do. */
    static final int TAG_NAME_SURROGATE = 0x20000000;

    static final int OVERLAPPED_SIZE = 32;
    static final int OVERLAPPED_OFFSET = 16;
    static final int OVERLAPPED_OFFSET_HIGH = 20;
    static final int OVERLAPPED_EVENT = 24;

    /** {@code WIN32_FIND_DATAW}. */
    static final int FIND_SIZE = 592;

    static final int FIND_ATTRIBUTES = 0;
    static final int FIND_TAG = 36;
    static final int FIND_NAME = 44;
    static final int FIND_NAME_BYTES = 520;

    /** {@code BY_HANDLE_FILE_INFORMATION}. */
    static final int INFORMATION_SIZE = 52;

    static final int INFORMATION_VOLUME = 28;
    static final int INFORMATION_INDEX_HIGH = 44;
    static final int INFORMATION_INDEX_LOW = 48;

    static final int ERROR_FILE_NOT_FOUND = 2;
    static final int ERROR_NO_MORE_FILES = 18;
    static final int ERROR_HANDLE_EOF = 38;
    static final int ERROR_IO_PENDING = 997;

    static final int WAIT_TIMEOUT = 258;

    private WindowsAbi() {}
}
