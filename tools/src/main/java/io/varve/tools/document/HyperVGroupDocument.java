package io.varve.tools.document;

import java.util.List;

@Says("Machines that share disks, backed up together.")
public record HyperVGroupDocument(
        @Says("The machines of the group") List<HyperVGroupEntry> groupMachines) {}
