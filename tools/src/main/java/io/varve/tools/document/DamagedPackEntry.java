package io.varve.tools.document;

import java.util.List;

@Says("A damaged pack.")
public record DamagedPackEntry(
        @Says("Its id") String packId,
        @Says("Whether its footer can be read") boolean footerReadable,

        @Says("Whether parity is enough to rebuild all of it")
        boolean rebuildable,

        @Says("Chunks in it that are intact") int soundChunkCount,
        @Says("Chunks that have no intact copy in any pack") List<String> lostChunkIds) {}
