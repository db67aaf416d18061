package io.varve.tools.document;

import java.util.Optional;

@Says("A part of a virtual disk that lies in one piece in one file, or in none.")
public record SegmentEntry(
        @Says("Where it begins in the virtual disk, in bytes")
        long offset,

        @Says("How long it is, in bytes") long length,

        @Says("State of its blocks, by the names of the VHDX format")
        String state,

        @Says("File of the chain that decides, 0 being the disk itself; absent if none says anything")
        Optional<Integer> layer,

        @Says("Where it begins in that file, in bytes; absent if it is in no file")
        Optional<Long> fileOffset) {}
