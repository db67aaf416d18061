package io.varve.store.job;

import io.varve.store.fault.CorruptDataException;
import java.util.Optional;

/**
 * A recorded job.
 *
 * @param id its start time and a random number, so ids sort by time
 * @param start empty if that record is damaged or gone
 * @param end empty while the job runs, if it was killed, or if that record is damaged
 * @param damage what is wrong with either record
 */
public record Job(String id, Optional<JobStart> start, Optional<JobEnd> end, Optional<CorruptDataException> damage) {}
