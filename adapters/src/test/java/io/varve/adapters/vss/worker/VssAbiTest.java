package io.varve.adapters.vss.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.AbiTable;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every slot, offset and number used for VSS against the table that a C compiler made of the headers. */
class VssAbiTest {
    private static void slot(String method, int slot) {
        assertEquals(AbiTable.text("vtbl", method), "" + slot, method);
    }

    @Test
    void slots() {
        for (String type :
                new String[] {"BackupComponents", "Async", "ExamineWriterMetadata", "WMComponent", "WMFiledesc"}) {
            slot("IVss" + type + ".Release", VssAbi.RELEASE);
        }
        Map<String, Integer> components = new HashMap<>();
        components.put("InitializeForBackup", VssAbi.INITIALIZE_FOR_BACKUP);
        components.put("SetBackupState", VssAbi.SET_BACKUP_STATE);
        components.put("GatherWriterMetadata", VssAbi.GATHER_WRITER_METADATA);
        components.put("GetWriterMetadataCount", VssAbi.GET_WRITER_METADATA_COUNT);
        components.put("GetWriterMetadata", VssAbi.GET_WRITER_METADATA);
        components.put("FreeWriterMetadata", VssAbi.FREE_WRITER_METADATA);
        components.put("AddComponent", VssAbi.ADD_COMPONENT);
        components.put("PrepareForBackup", VssAbi.PREPARE_FOR_BACKUP);
        components.put("AbortBackup", VssAbi.ABORT_BACKUP);
        components.put("GatherWriterStatus", VssAbi.GATHER_WRITER_STATUS);
        components.put("GetWriterStatusCount", VssAbi.GET_WRITER_STATUS_COUNT);
        components.put("FreeWriterStatus", VssAbi.FREE_WRITER_STATUS);
        components.put("GetWriterStatus", VssAbi.GET_WRITER_STATUS);
        components.put("SetBackupSucceeded", VssAbi.SET_BACKUP_SUCCEEDED);
        components.put("BackupComplete", VssAbi.BACKUP_COMPLETE);
        components.put("SetContext", VssAbi.SET_CONTEXT);
        components.put("StartSnapshotSet", VssAbi.START_SNAPSHOT_SET);
        components.put("AddToSnapshotSet", VssAbi.ADD_TO_SNAPSHOT_SET);
        components.put("DoSnapshotSet", VssAbi.DO_SNAPSHOT_SET);
        components.put("DeleteSnapshots", VssAbi.DELETE_SNAPSHOTS);
        components.put("GetSnapshotProperties", VssAbi.GET_SNAPSHOT_PROPERTIES);
        components.put("IsVolumeSupported", VssAbi.IS_VOLUME_SUPPORTED);
        components.put("EnableWriterClasses", VssAbi.ENABLE_WRITER_CLASSES);
        components.forEach((method, number) -> slot("IVssBackupComponents." + method, number));
        slot("IVssAsync.Cancel", VssAbi.ASYNC_CANCEL);
        slot("IVssAsync.Wait", VssAbi.ASYNC_WAIT);
        slot("IVssAsync.QueryStatus", VssAbi.ASYNC_QUERY_STATUS);
        slot("IVssExamineWriterMetadata.GetIdentity", VssAbi.METADATA_GET_IDENTITY);
        slot("IVssExamineWriterMetadata.GetFileCounts", VssAbi.METADATA_GET_FILE_COUNTS);
        slot("IVssExamineWriterMetadata.GetComponent", VssAbi.METADATA_GET_COMPONENT);
        slot("IVssWMComponent.GetComponentInfo", VssAbi.COMPONENT_GET_INFO);
        slot("IVssWMComponent.FreeComponentInfo", VssAbi.COMPONENT_FREE_INFO);
        slot("IVssWMComponent.GetFile", VssAbi.COMPONENT_GET_FILE);
        slot("IVssWMFiledesc.GetPath", VssAbi.FILE_GET_PATH);
        slot("IVssWMFiledesc.GetFilespec", VssAbi.FILE_GET_FILESPEC);
        slot("IVssWMFiledesc.GetRecursive", VssAbi.FILE_GET_RECURSIVE);
    }

    @Test
    void structures() {
        assertEquals(AbiTable.size("VSS_SNAPSHOT_PROP"), VssAbi.SNAPSHOT_SIZE);
        assertEquals(AbiTable.offset("VSS_SNAPSHOT_PROP.m_pwszSnapshotDeviceObject"), VssAbi.SNAPSHOT_DEVICE);
        assertEquals(AbiTable.offset("VSS_SNAPSHOT_PROP.m_eStatus"), VssAbi.SNAPSHOT_STATE);
        assertEquals(AbiTable.offset("VSS_COMPONENTINFO.type"), VssAbi.INFO_TYPE);
        assertEquals(AbiTable.offset("VSS_COMPONENTINFO.bstrLogicalPath"), VssAbi.INFO_LOGICAL_PATH);
        assertEquals(AbiTable.offset("VSS_COMPONENTINFO.bstrComponentName"), VssAbi.INFO_NAME);
        assertEquals(AbiTable.offset("VSS_COMPONENTINFO.bstrCaption"), VssAbi.INFO_CAPTION);
        assertEquals(AbiTable.offset("VSS_COMPONENTINFO.cFileCount"), VssAbi.INFO_FILE_COUNT);
    }

    @Test
    void numbers() {
        assertEquals("{" + VssAbi.HYPERV_WRITER + "}", AbiTable.text("guid", "HyperV_VSS_Writer"));
        assertEquals(AbiTable.number("VSS_CTX_BACKUP"), VssAbi.CONTEXT_BACKUP);
        assertEquals(AbiTable.number("VSS_BT_COPY"), VssAbi.BACKUP_TYPE_COPY);
        assertEquals(AbiTable.number("VSS_OBJECT_SNAPSHOT_SET"), VssAbi.OBJECT_SNAPSHOT_SET);
        assertEquals(AbiTable.number("VSS_SS_CREATED"), VssAbi.STATE_CREATED);
        assertEquals(AbiTable.number("VSS_S_ASYNC_PENDING"), VssAbi.ASYNC_PENDING);
        assertEquals(AbiTable.number("VSS_S_ASYNC_FINISHED"), VssAbi.ASYNC_FINISHED);
        assertEquals(AbiTable.number("VSS_WS_FAILED_AT_IDENTIFY"), Session.FIRST_FAILED_STATE);
    }

    /** What Windows' headers call each error that has a name there. */
    @Test
    void errors() {
        Map<VssError, String> names = new HashMap<>();
        names.put(VssError.BAD_STATE, "VSS_E_BAD_STATE");
        names.put(VssError.PROVIDER_VETO, "VSS_E_PROVIDER_VETO");
        names.put(VssError.OBJECT_NOT_FOUND, "VSS_E_OBJECT_NOT_FOUND");
        names.put(VssError.VOLUME_NOT_SUPPORTED, "VSS_E_VOLUME_NOT_SUPPORTED");
        names.put(VssError.VOLUME_NOT_SUPPORTED_BY_PROVIDER, "VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER");
        names.put(VssError.OBJECT_ALREADY_EXISTS, "VSS_E_OBJECT_ALREADY_EXISTS");
        names.put(VssError.PROVIDER_ERROR, "VSS_E_UNEXPECTED_PROVIDER_ERROR");
        names.put(VssError.TOO_MANY_VOLUMES, "VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED");
        names.put(VssError.FLUSH_TIMEOUT, "VSS_E_FLUSH_WRITES_TIMEOUT");
        names.put(VssError.HOLD_TIMEOUT, "VSS_E_HOLD_WRITES_TIMEOUT");
        names.put(VssError.SET_IN_PROGRESS, "VSS_E_SNAPSHOT_SET_IN_PROGRESS");
        names.put(VssError.TOO_MANY_SNAPSHOTS, "VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED");
        names.put(VssError.WRITER_INFRASTRUCTURE, "VSS_E_WRITER_INFRASTRUCTURE");
        names.put(VssError.WRITER_NOT_RESPONDING, "VSS_E_WRITER_NOT_RESPONDING");
        names.put(VssError.UNSUPPORTED_CONTEXT, "VSS_E_UNSUPPORTED_CONTEXT");
        names.put(VssError.NO_STORAGE, "VSS_E_INSUFFICIENT_STORAGE");
        names.put(VssError.UNSELECTED_VOLUME, "VSS_E_UNSELECTED_VOLUME");
        names.put(VssError.INCONSISTENT, "VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT");
        names.put(VssError.WRITER_OUT_OF_RESOURCES, "VSS_E_WRITERERROR_OUTOFRESOURCES");
        names.put(VssError.WRITER_TIMEOUT, "VSS_E_WRITERERROR_TIMEOUT");
        names.put(VssError.WRITER_RETRYABLE, "VSS_E_WRITERERROR_RETRYABLE");
        names.put(VssError.WRITER_FAILED, "VSS_E_WRITERERROR_NONRETRYABLE");
        names.put(VssError.AUTORECOVERY_FAILED, "VSS_E_AUTORECOVERY_FAILED");
        names.put(VssError.CLUSTER_ERROR, "VSS_E_CLUSTER_ERROR");
        names.forEach((error, name) -> assertEquals(AbiTable.number(name), error.code(), name));
        for (VssError error : VssError.values()) {
            assertTrue(error.code() < 0, error + " is no failure");
            assertEquals(error, VssError.of(error.code()).orElseThrow(), "two errors have the code of " + error);
        }
        assertEquals(VssError.Outcome.FAIL, VssError.outcomeOf(0x80004005));
        assertTrue(VssError.text(0x80004005).contains("0x80004005"));
    }
}
