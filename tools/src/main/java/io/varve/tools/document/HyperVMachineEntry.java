package io.varve.tools.document;

@Says("A machine of a Hyper-V host.")
public record HyperVMachineEntry(
        @Says("Its GUID, for --vm") String id,

        @Says("Its name; several machines may have the same")
        String name,

        @Says("Its state in a word: running, off, saved …") String state,
        @Says("Version of its configuration") String version,

        @Says("Whether change tracking exists for this version")
        boolean hasTracking,

        @Says("Recovery checkpoints it has: 0 unless a backup runs or left one")
        long recoveryCheckpoints,

        @Says("Reference points it has, of all backup products")
        long referencePoints) {}
