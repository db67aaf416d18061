package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("A machine that a night would back up.")
public record PlannedMachineEntry(
        @Says("Its name") String machine,

        @Says("Its disks as they would be given to a backup; none for a virtual machine of a host")
        List<String> diskFiles,

        @Says("Its GUID in Hyper-V; absent for one whose disks are files, and if its host did not say")
        Optional<String> vmId) {}
