package io.varve.tools.document;

@Says("A checkpoint, reference point or file at a host.")
public record HostObjectEntry(
        @Says("checkpoint, reference-point, export (a folder of this computer) or unmerged-file")
        String kind,

        @Says("Its InstanceID, or its path: of an export here, of a file on the host")
        String id,

        @Says("needed (Varve's, for the next backup), left (Varve's, of no use), or unknown (of somebody else)")
        String origin,

        @Says("Whether it was removed, or with --apply would be")
        boolean remove) {}
