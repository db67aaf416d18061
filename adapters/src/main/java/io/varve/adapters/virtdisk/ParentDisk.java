package io.varve.adapters.virtdisk;

import java.util.List;
import java.util.UUID;

/**
 * The parent of a differencing disk, as Windows sees it.
 *
 * @param isFound whether Windows found it
 * @param locations where it is, one path; or, not found, everywhere that Windows looked
 * @param identifier of the content that the differencing disk was made for
 */
public record ParentDisk(boolean isFound, List<String> locations, UUID identifier) {
    public ParentDisk {
        locations = List.copyOf(locations);
    }
}
