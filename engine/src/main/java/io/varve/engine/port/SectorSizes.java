package io.varve.engine.port;

/**
 * Sector sizes of a disk, in bytes.
 *
 * @param logical unit of addresses, for example in partition tables
 * @param physical unit in which the medium writes
 */
public record SectorSizes(int logical, int physical) {}
