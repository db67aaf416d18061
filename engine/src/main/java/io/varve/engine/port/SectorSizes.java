package io.varve.engine.port;

/**
 * Sector sizes of a disk, in bytes.
 *
 * @param logical unit of addresses: partition tables count in it
 * @param physical unit the medium writes
 */
public record SectorSizes(int logical, int physical) {}
