package io.varve.adapters;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.raw.RawDisk;
import io.varve.adapters.vhd.VhdChain;
import io.varve.adapters.vhdx.read.LayerTracker;
import io.varve.adapters.vhdx.read.VhdSet;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens disk images and block devices, whatever their format. */
public final class DiskImages {
    private DiskImages() {}

    /**
     * Opens {@code file} read-only. The caller closes the image. A file in no known format is a raw disk. Parents of a
     * differencing disk are looked for in its own folder.
     *
     * @throws io.varve.store.fault.CorruptDataException if it is a damaged VHDX or VHD, or has such a name but not the
     *     format
     * @throws UnsupportedImageException if it is an image in a format that Varve does not read; such a file is never
     *     opened as raw
     * @throws IOException if it cannot be read
     */
    public static DiskImage open(Path file, Reader reader) throws IOException {
        return open(file, SourceFormat.AUTO, reader, ParentSearch.sameFolder());
    }

    /**
     * As {@link #open(Path, Reader)}, with more places where parents of a differencing disk may be.
     *
     * @param format of the file; {@link SourceFormat#AUTO} to detect it
     * @throws io.varve.adapters.chain.MissingParentException if a parent is not found
     */
    public static DiskImage open(Path file, SourceFormat format, Reader reader, ParentSearch search)
            throws IOException {
        return open(new LocalFile(file, reader), format, search);
    }

    /** As above, for a file in any folder. */
    public static DiskImage open(SourceFile file, SourceFormat format, ParentSearch search) throws IOException {
        ByteSource source = file.open();
        try {
            ImageKind kind = kind(source, file, format);
            switch (kind) {
                case VHDX:
                    return VhdxChain.open(source, file, search);
                case VHD:
                    return VhdChain.open(source, file, search);
                case VHD_SET:
                    return VhdSet.open(source, file, search);
                case RAW:
                    return RawDisk.open(source);
                default:
                    throw new UnsupportedImageException(file.location() + ": is " + kind.words()
                            + ", which Varve does not read: convert or unpack it first. If these are"
                            + " the disk's own bytes, use --format raw");
            }
        } catch (IOException | RuntimeException e) {
            try {
                source.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static ImageKind kind(ByteSource source, SourceFile file, SourceFormat format) throws IOException {
        ImageKind content = ImageKind.byContent(source);
        switch (format) {
            case RAW:
                return ImageKind.RAW;
            case VHDX:
                return content == ImageKind.VHD_SET ? ImageKind.VHD_SET : ImageKind.VHDX;
            case VHD:
                return ImageKind.VHD;
            default:
                ImageKind named = ImageKind.byName(file.name()).orElse(content);
                boolean set = content == ImageKind.VHD_SET && named == ImageKind.VHDX;
                // The content does not identify a fixed VHD, or one that a crash left without a footer. If the name
                // says VHDX or
                // VHD Set but the content does not, the reader for that format reports what is wrong, and where.
                boolean reads = named == ImageKind.VHD || named == ImageKind.VHDX || named == ImageKind.VHD_SET;
                if (named == content || set || reads && content == ImageKind.RAW) {
                    return set ? content : named;
                }
                throw new UnsupportedImageException(
                        file.location() + ": is " + content.words() + " by its content, but " + named.words()
                                + " by its name. Rename it, or state its format (--format)");
        }
    }

    private static Optional<ImageKind> nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? Optional.empty() : ImageKind.byName(name.toString());
    }

    /** Returns how many bytes at the start of a disk are needed to recognize an image file. */
    public static int tellingLength() {
        return ImageKind.LOOKED_AT;
    }

    /**
     * Describes the image format of {@code file}, which writing a disk's content over it would destroy; empty for a raw
     * disk. A raw disk can begin like an image file if the guest stores one at its very start. So a file that begins
     * like the content to be written counts as raw, and writing can be repeated.
     *
     * @param content the first {@link #tellingLength()} bytes of the content to be written, or all of it if shorter
     */
    public static Optional<String> container(Path file, byte[] content) throws IOException {
        Optional<ImageKind> named = nameOf(file);
        if (named.isPresent()) {
            return Optional.of(named.get().words());
        }
        try (ByteSource source = ByteSources.open(file, Reader.DIRECT)) {
            ImageKind begins = ImageKind.byContent(source);
            return begins == ImageKind.RAW || begins == ImageKind.byContent(content)
                    ? Optional.empty()
                    : Optional.of(begins.words());
        }
    }

    /**
     * Returns the change tracking that {@code image} provides, which must have been opened here: the layers of a chain,
     * or none.
     */
    public static ChangeTracker tracker(DiskImage image) {
        return image instanceof VhdxChain chain ? new LayerTracker(chain) : ChangeTracker.none();
    }

    /**
     * Returns the locations of the files of {@code image}, which must have been opened here: the leaf first, then its
     * parents.
     */
    public static List<String> files(DiskImage image) {
        if (image instanceof VhdxChain chain) {
            return chain.locations();
        }
        return image instanceof VhdChain chain ? chain.locations() : List.of(image.location());
    }

    /**
     * Returns the format that the extension of {@code fileName} stands for, in words with an article, if Varve cannot
     * write that format; otherwise empty.
     */
    public static Optional<String> foreignName(String fileName) {
        return ImageKind.byName(fileName)
                .filter(kind -> kind != ImageKind.VHDX && kind != ImageKind.VHD)
                .map(ImageKind::words);
    }
}
