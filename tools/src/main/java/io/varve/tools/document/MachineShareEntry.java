package io.varve.tools.document;

@Says("What only snapshots of one machine need.")
public record MachineShareEntry(
        @Says("The machine") String machine,
        @Says("Its snapshots") int snapshotCount,

        @Says("What would be freed if all of them were forgotten, in bytes")
        long aloneBytes) {}
