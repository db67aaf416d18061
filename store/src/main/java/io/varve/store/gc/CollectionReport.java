package io.varve.store.gc;

/**
 * The result of a collection, or of a dry run: the result that a collection would have.
 *
 * @param snapshots marked from
 * @param pages distinct map pages visited
 * @param packs surveyed
 * @param bytes of their frames
 * @param liveBytes frames that snapshots need
 * @param emptyPacks packs without a needed frame
 * @param thinPacks packs that were repacked
 * @param repackedBytes frames copied out of them
 * @param condemnedPacks packs condemned in this run, to be deleted by a later one
 * @param condemnedBytes of them
 * @param deletedPacks packs deleted, which earlier runs had condemned
 * @param deletedBytes of them
 * @param rescuedPacks packs that an earlier run condemned although they are needed
 * @param postponedPacks packs condemned earlier that stay until sessions that began before have ended
 * @param packsInUse packs left alone because the session that wrote them is still running
 */
public record CollectionReport(
        int snapshots,
        long pages,
        int packs,
        long bytes,
        long liveBytes,
        int emptyPacks,
        int thinPacks,
        long repackedBytes,
        int condemnedPacks,
        long condemnedBytes,
        int deletedPacks,
        long deletedBytes,
        int rescuedPacks,
        int postponedPacks,
        int packsInUse) {}
