package io.varve.adapters.vss.worker;

import java.util.UUID;

/** Slots, offsets and numbers of {@code vss.h}, {@code vswriter.h} and {@code vsbackup.h} on 64-bit Windows. */
final class VssAbi {
    static final UUID HYPERV_WRITER = UUID.fromString("66841cd4-6ded-4f4b-8f17-fd23f8ddc3de");

    /** Of every interface here. */
    static final int RELEASE = 2;

    /** {@code IVssBackupComponents}. */
    static final int INITIALIZE_FOR_BACKUP = 5;

    static final int SET_BACKUP_STATE = 6;
    static final int GATHER_WRITER_METADATA = 9;
    static final int GET_WRITER_METADATA_COUNT = 10;
    static final int GET_WRITER_METADATA = 11;
    static final int FREE_WRITER_METADATA = 12;
    static final int ADD_COMPONENT = 13;
    static final int PREPARE_FOR_BACKUP = 14;
    static final int ABORT_BACKUP = 15;
    static final int GATHER_WRITER_STATUS = 16;
    static final int GET_WRITER_STATUS_COUNT = 17;
    static final int FREE_WRITER_STATUS = 18;
    static final int GET_WRITER_STATUS = 19;
    static final int SET_BACKUP_SUCCEEDED = 20;
    static final int BACKUP_COMPLETE = 27;
    static final int SET_CONTEXT = 35;
    static final int START_SNAPSHOT_SET = 36;
    static final int ADD_TO_SNAPSHOT_SET = 37;
    static final int DO_SNAPSHOT_SET = 38;
    static final int DELETE_SNAPSHOTS = 39;
    static final int GET_SNAPSHOT_PROPERTIES = 42;
    static final int IS_VOLUME_SUPPORTED = 44;
    static final int ENABLE_WRITER_CLASSES = 46;

    /** {@code IVssAsync}. */
    static final int ASYNC_CANCEL = 3;

    static final int ASYNC_WAIT = 4;
    static final int ASYNC_QUERY_STATUS = 5;

    /** {@code IVssExamineWriterMetadata}. */
    static final int METADATA_GET_IDENTITY = 3;

    static final int METADATA_GET_FILE_COUNTS = 4;
    static final int METADATA_GET_COMPONENT = 7;

    /** {@code IVssWMComponent}. */
    static final int COMPONENT_GET_INFO = 3;

    static final int COMPONENT_FREE_INFO = 4;
    static final int COMPONENT_GET_FILE = 5;

    /** {@code IVssWMFiledesc}. */
    static final int FILE_GET_PATH = 3;

    static final int FILE_GET_FILESPEC = 4;
    static final int FILE_GET_RECURSIVE = 5;

    /** {@code VSS_COMPONENTINFO}. */
    static final int INFO_TYPE = 0;

    static final int INFO_LOGICAL_PATH = 8;
    static final int INFO_NAME = 16;
    static final int INFO_CAPTION = 24;
    static final int INFO_FILE_COUNT = 52;

    /** {@code VSS_SNAPSHOT_PROP}. */
    static final int SNAPSHOT_SIZE = 128;

    static final int SNAPSHOT_DEVICE = 40;
    static final int SNAPSHOT_STATE = 120;

    static final int CONTEXT_BACKUP = 0;
    static final int BACKUP_TYPE_COPY = 5;
    static final int OBJECT_SNAPSHOT_SET = 2;
    static final int STATE_CREATED = 12;

    static final int ASYNC_PENDING = 0x42309;
    static final int ASYNC_FINISHED = 0x4230A;

    private VssAbi() {}
}
