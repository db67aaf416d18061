package io.varve.store.gc;

/**
 * What a collection came to; of a dry run, what it would come to.
 *
 * @param snapshots marked from
 * @param pages distinct map pages visited
 * @param packs weighed
 * @param bytes of their frames
 * @param liveBytes frames that snapshots need
 * @param emptyPacks packs of which nothing is needed
 * @param thinPacks packs that were repacked
 * @param repackedBytes frames copied out of them
 * @param condemnedPacks packs condemned in this run, to be deleted by a later one
 * @param condemnedBytes of them
 * @param deletedPacks packs deleted, which earlier runs had condemned
 * @param deletedBytes of them
 * @param rescuedPacks packs that an earlier run had condemned and that are needed after all
 * @param postponedPacks packs condemned earlier that stay until sessions have ended which began before
 * @param packsInUse packs left alone since the session that wrote them is still at work
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
