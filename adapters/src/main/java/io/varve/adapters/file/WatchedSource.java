package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SectorSizes;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A byte source of a file or block device together with its watch. Owns both. */
final class WatchedSource implements ByteSource {
    private final ByteSource reader;
    private final SourceWatch watch;
    private final Optional<SectorSizes> sectorSizes;

    WatchedSource(ByteSource reader, SourceWatch watch, Optional<SectorSizes> sectorSizes) {
        this.reader = reader;
        this.watch = watch;
        this.sectorSizes = sectorSizes;
    }

    @Override
    public long size() {
        return reader.size();
    }

    @Override
    public String location() {
        return reader.location();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        reader.read(offset, target);
    }

    @Override
    public RangeSet dataRanges(Range window) throws IOException {
        return reader.dataRanges(window);
    }

    @Override
    public List<Disturbance> disturbances() throws IOException {
        return watch.disturbances();
    }

    @Override
    public Optional<SectorSizes> sectorSizes() {
        return sectorSizes;
    }

    @Override
    public void close() throws IOException {
        try (watch) {
            reader.close();
        }
    }
}
