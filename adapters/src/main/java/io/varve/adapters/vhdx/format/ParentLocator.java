package io.varve.adapters.vhdx.format;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a differencing disk says its parent is (MS-VHDX 2.6.2.6): 20 bytes of header (type, reserved, count), then 12
 * bytes per pair (offsets and lengths of key and value), both in UTF-16. {@code WantedVhdx} says what of it counts.
 *
 * @param offset where in the file it lies
 * @param type GUID of the kind of locator
 * @param pairs in the order of the file; keys are compared with case
 */
public record ParentLocator(long offset, UUID type, Map<String, String> pairs) {
    private static final int FIRST_PAIR = 20;
    private static final int PAIR_SIZE = 12;
    private static final int MOST_PAIRS = 256;

    private static final Pattern GUID = Pattern.compile("\\{?(\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12})}?");

    public static ParentLocator read(ByteSource source, MetadataItem item) throws IOException {
        return read(source, item, Faults.REFUSE);
    }

    /**
     * The locator without the pairs that {@code faults} was told of.
     *
     * @throws CorruptDataException when there is no table of pairs in it
     */
    public static ParentLocator read(ByteSource source, MetadataItem item, Faults faults) throws IOException {
        String file = source.location();
        ByteBuffer bytes = StructureReader.read(source, item.offset(), item.length(), "parent locator");
        if (item.length() < FIRST_PAIR) {
            throw new CorruptDataException(
                    file,
                    item.offset(),
                    "a parent locator of at least " + FIRST_PAIR + " bytes",
                    Integer.toString(item.length()));
        }
        int count = Short.toUnsignedInt(bytes.getShort(18));
        if (count > MOST_PAIRS || FIRST_PAIR + count * PAIR_SIZE > item.length()) {
            throw new CorruptDataException(
                    file,
                    item.offset() + 18,
                    "at most " + MOST_PAIRS + " pairs inside a parent locator of " + item.length() + " bytes",
                    Integer.toString(count));
        }
        if (bytes.getShort(16) != 0) {
            faults.found(
                    VhdxFault.LOCATOR_RESERVED,
                    () -> new CorruptDataException(file, item.offset() + 16, "reserved bytes 0", "others"));
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int at = FIRST_PAIR + i * PAIR_SIZE;
            String key = text(file, item, bytes, at, at + 8, faults);
            String value = text(file, item, bytes, at + 4, at + 10, faults);
            if (key != null && value != null && pairs.putIfAbsent(key, value) != null) {
                faults.found(
                        VhdxFault.LOCATOR_PAIR,
                        () -> new CorruptDataException(
                                file, item.offset() + at, "each key once", "\"" + key + "\" again"));
            }
        }
        return new ParentLocator(item.offset(), WindowsGuid.get(bytes, 0), Collections.unmodifiableMap(pairs));
    }

    /**
     * The DataWriteGuids the parent may have: the one it had when the child was made and, while a merge is going on, a
     * second one. Windows writes the second one always, nil for none.
     *
     * @throws UnsupportedImageException when the locator is of a kind that is not known
     * @throws CorruptDataException when the first is missing or nil, or one is no GUID
     */
    public Set<UUID> linkages(String file) throws IOException {
        if (!type.equals(VhdxFormat.VHDX_LOCATOR)) {
            throw new UnsupportedImageException(
                    file, offset, "its parent is named by a locator of unknown type " + type);
        }
        Set<UUID> linkages = new LinkedHashSet<>();
        linkages.add(linkage(file, "parent_linkage"));
        if (pairs.containsKey("parent_linkage2")) {
            linkages.add(linkage(file, "parent_linkage2"));
        }
        if (linkages.iterator().next().equals(WindowsGuid.NIL)) {
            throw new CorruptDataException(file, offset, "the DataWriteGuid of the parent", "the nil GUID");
        }
        linkages.remove(WindowsGuid.NIL);
        return linkages;
    }

    private UUID linkage(String file, String key) throws CorruptDataException {
        String text = pairs.getOrDefault(key, "none");
        Matcher guid = GUID.matcher(text);
        if (!guid.matches()) {
            throw new CorruptDataException(
                    file, offset, "a GUID as " + key, text.substring(0, Math.min(text.length(), 50)));
        }
        return UUID.fromString(guid.group(1));
    }

    /** Null when it lies outside the locator. */
    private static String text(
            String file, MetadataItem item, ByteBuffer bytes, int offsetAt, int lengthAt, Faults faults)
            throws IOException {
        long offset = Integer.toUnsignedLong(bytes.getInt(offsetAt));
        int length = Short.toUnsignedInt(bytes.getShort(lengthAt));
        if (length == 0 || length % 2 != 0 || length > item.length() - offset) {
            faults.found(
                    VhdxFault.LOCATOR_PAIR,
                    () -> new CorruptDataException(
                            file,
                            item.offset() + offsetAt,
                            "text inside the parent locator of " + item.length() + " bytes",
                            "offset " + offset + ", length " + length));
            return null;
        }
        ByteBuffer text = bytes.duplicate().position((int) offset).limit((int) offset + length);
        return StandardCharsets.UTF_16LE.decode(text).toString().replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
