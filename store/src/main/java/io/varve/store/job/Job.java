package io.varve.store.job;

import io.varve.store.fault.CorruptDataException;
import java.util.Optional;

/**
 * A job on record.
 *
 * @param id its time of beginning and a random number; ids sort by time
 * @param start empty when that record is damaged or gone
 * @param end empty while it runs, and for ever when it was killed; also when that record is damaged
 * @param damage what is wrong with either record
 */
public record Job(String id, Optional<JobStart> start, Optional<JobEnd> end, Optional<CorruptDataException> damage) {}
