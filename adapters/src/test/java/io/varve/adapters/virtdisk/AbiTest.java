package io.varve.adapters.virtdisk;

import static io.varve.adapters.contract.AbiTable.number;
import static io.varve.adapters.contract.AbiTable.offset;
import static io.varve.adapters.contract.AbiTable.size;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Every offset and number used here against a table that a C compiler made of the headers. */
class AbiTest {
    @Test
    void structures() {
        assertEquals(size("VIRTUAL_STORAGE_TYPE"), Abi.STORAGE_TYPE_SIZE);
        assertEquals(size("OPEN_VIRTUAL_DISK_PARAMETERS"), Abi.OPEN_SIZE);
        assertEquals(offset("OPEN_VIRTUAL_DISK_PARAMETERS.Version2.GetInfoOnly"), Abi.OPEN_GET_INFO_ONLY);
        assertEquals(offset("OPEN_VIRTUAL_DISK_PARAMETERS.Version2.ReadOnly"), Abi.OPEN_READ_ONLY);
        assertEquals(size("GET_VIRTUAL_DISK_INFO"), Abi.INFO_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.VirtualDiskId"), Abi.INFO_ANSWER);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Size.VirtualSize"), Abi.INFO_VIRTUAL_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Size.BlockSize"), Abi.INFO_BLOCK_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Size.SectorSize"), Abi.INFO_SECTOR_SIZE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.Identifier"), Abi.INFO_ANSWER);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ParentIdentifier"), Abi.INFO_ANSWER);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ProviderSubtype"), Abi.INFO_ANSWER);
        assertEquals(
                offset("GET_VIRTUAL_DISK_INFO.VirtualStorageType") + offset("VIRTUAL_STORAGE_TYPE.DeviceId"),
                Abi.INFO_DEVICE);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ParentLocation.ParentResolved"), Abi.INFO_PARENT_RESOLVED);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ParentLocation.ParentLocationBuffer"), Abi.INFO_PARENT_LOCATIONS);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ChangeTrackingState.Enabled"), Abi.INFO_TRACKING_ENABLED);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ChangeTrackingState.NewerChanges"), Abi.INFO_TRACKING_NEWER);
        assertEquals(offset("GET_VIRTUAL_DISK_INFO.ChangeTrackingState.MostRecentId"), Abi.INFO_TRACKING_ID);
        assertEquals(size("SET_VIRTUAL_DISK_INFO"), Abi.SET_SIZE);
        assertEquals(offset("SET_VIRTUAL_DISK_INFO.ChangeTrackingEnabled"), Abi.SET_VALUE);
        assertEquals(offset("SET_VIRTUAL_DISK_INFO.UniqueIdentifier"), Abi.SET_VALUE);
        assertEquals(offset("SET_VIRTUAL_DISK_INFO.VirtualDiskId"), Abi.SET_VALUE);
        assertEquals(size("ATTACH_VIRTUAL_DISK_PARAMETERS_V2"), Abi.ATTACH_SIZE);
        assertEquals(size("QUERY_CHANGES_VIRTUAL_DISK_RANGE"), Abi.RANGE_SIZE);
        assertEquals(offset("QUERY_CHANGES_VIRTUAL_DISK_RANGE.ByteOffset"), Abi.RANGE_OFFSET);
        assertEquals(offset("QUERY_CHANGES_VIRTUAL_DISK_RANGE.ByteLength"), Abi.RANGE_LENGTH);
    }

    @Test
    void numbers() {
        assertEquals(number("OPEN_VIRTUAL_DISK_VERSION_1"), Abi.OPEN_VERSION_1);
        assertEquals(number("VIRTUAL_DISK_ACCESS_DETACH"), Abi.ACCESS_DETACH);
        assertEquals(number("OPEN_VIRTUAL_DISK_VERSION_2"), Abi.OPEN_VERSION_2);
        assertEquals(number("ATTACH_VIRTUAL_DISK_VERSION_1"), Abi.ATTACH_VERSION_1);
        assertEquals(number("ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY"), Abi.ATTACH_READ_ONLY);
        assertEquals(number("ATTACH_VIRTUAL_DISK_FLAG_NO_LOCAL_HOST"), Abi.ATTACH_NO_LOCAL_HOST);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_SIZE"), Abi.INFO_OF_SIZE);
        assertEquals(number("OPEN_VIRTUAL_DISK_FLAG_NO_PARENTS"), Abi.OPEN_NO_PARENTS);
        assertEquals(number("VIRTUAL_STORAGE_TYPE_DEVICE_ISO"), Abi.DEVICE_ISO);
        assertEquals(number("VIRTUAL_STORAGE_TYPE_DEVICE_VHD"), Abi.DEVICE_VHD);
        assertEquals(number("VIRTUAL_STORAGE_TYPE_DEVICE_VHDX"), Abi.DEVICE_VHDX);
        assertEquals(number("VIRTUAL_STORAGE_TYPE_DEVICE_VHDSET"), Abi.DEVICE_VHD_SET);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_IDENTIFIER"), Abi.INFO_OF_IDENTIFIER);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_PARENT_LOCATION"), Abi.INFO_OF_PARENT_LOCATION);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_PARENT_IDENTIFIER"), Abi.INFO_OF_PARENT_IDENTIFIER);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_VIRTUAL_STORAGE_TYPE"), Abi.INFO_OF_STORAGE_TYPE);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_PROVIDER_SUBTYPE"), Abi.INFO_OF_SUBTYPE);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_IS_LOADED"), Abi.INFO_OF_LOADED);
        assertEquals(number("VIRTUAL_DISK_ACCESS_GET_INFO"), Abi.ACCESS_GET_INFO);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_VIRTUAL_DISK_ID"), Abi.INFO_OF_DISK_ID);
        assertEquals(number("GET_VIRTUAL_DISK_INFO_CHANGE_TRACKING_STATE"), Abi.INFO_OF_TRACKING);
        assertEquals(number("SET_VIRTUAL_DISK_INFO_IDENTIFIER"), Abi.SET_IDENTIFIER);
        assertEquals(number("SET_VIRTUAL_DISK_INFO_VIRTUAL_DISK_ID"), Abi.SET_DISK_ID);
        assertEquals(number("SET_VIRTUAL_DISK_INFO_CHANGE_TRACKING_STATE"), Abi.SET_TRACKING);
    }
}
