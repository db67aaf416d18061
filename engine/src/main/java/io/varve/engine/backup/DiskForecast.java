package io.varve.engine.backup;

import java.util.Optional;

/**
 * How a backup would read one disk, and why. Sizes are in bytes.
 *
 * @param number position among the checkpoint's disks, from 1
 * @param location file or device
 * @param pairedWith name of the disk of the previous snapshot that it is compared with; empty if there is none
 * @param bytesToRead allocated parts, or what the change list names
 * @param bytesToAudit about so much besides, to check the change list
 */
public record DiskForecast(
        int number,
        String name,
        String location,
        String format,
        long size,
        Optional<String> pairedWith,
        Mode mode,
        String reasonCode,
        String reason,
        long bytesToRead,
        long bytesToAudit) {}
