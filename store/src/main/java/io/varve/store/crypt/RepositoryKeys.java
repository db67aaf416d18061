package io.varve.store.crypt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.json.JsonFields;
import io.varve.store.json.SealedJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Mac;

/**
 * The keys of an encrypted repository: a random master key, and a key for each purpose that is derived from it and a
 * repository id. Repositories that share keys derive the keys for chunks from the same id, so that a sealed chunk is
 * valid in both. Each derives the key for documents from its own id, so that a manifest is valid in one only.
 * Thread-safe until closed; closing wipes the keys that can be wiped.
 */
public final class RepositoryKeys implements Protection, AutoCloseable {
    static final int MASTER_LENGTH = 32;

    private final UUID repositoryId;
    private final UUID keysOf;
    private final byte[] master;
    private final byte[] dataIds;
    private final byte[] pageIds;
    private final byte[] data;
    private final byte[] documents;

    /** @param master the master key; retained, and wiped on close */
    RepositoryKeys(UUID repositoryId, byte[] master) {
        this(repositoryId, repositoryId, master);
    }

    /**
     * @param keysOf the repository that the master key was made for
     * @param master the master key; retained, and wiped on close
     */
    RepositoryKeys(UUID repositoryId, UUID keysOf, byte[] master) {
        this.repositoryId = repositoryId;
        this.keysOf = keysOf;
        this.master = master;
        byte[] salt = FrameCipher.bytes(keysOf);
        this.dataIds = Hkdf.key(master, salt, "varve data ids");
        this.pageIds = Hkdf.key(master, salt, "varve page ids");
        this.data = Hkdf.key(master, salt, "varve data");
        this.documents = Hkdf.key(master, FrameCipher.bytes(repositoryId), "varve documents");
    }

    /** Generates keys for a new repository. */
    public static RepositoryKeys generate(UUID repositoryId) {
        byte[] master = new byte[MASTER_LENGTH];
        new SecureRandom().nextBytes(master);
        return new RepositoryKeys(repositoryId, master);
    }

    /** Returns the keys of another repository that shares these. */
    public RepositoryKeys sharedWith(UUID otherRepository) {
        return new RepositoryKeys(otherRepository, keysOf, master.clone());
    }

    /** The repository that the keys were made for. */
    public UUID keysOf() {
        return keysOf;
    }

    /** Whether both give the same content the same id, and can open each other's sealed chunks. */
    public boolean sealAlike(RepositoryKeys other) {
        return keysOf.equals(other.keysOf) && MessageDigest.isEqual(master, other.master);
    }

    byte[] master() {
        return master;
    }

    UUID repositoryId() {
        return repositoryId;
    }

    @Override
    public ChunkHasher newHasher() {
        return ChunkHasher.keyed(Hkdf.mac(dataIds), Hkdf.mac(pageIds));
    }

    @Override
    public ChunkSealer newSealer(int maxRawLength) {
        return new GcmSealer(data, new FrameCipher(keysOf), maxRawLength);
    }

    @Override
    public ChunkOpener newOpener() {
        return new GcmOpener(data, new FrameCipher(keysOf), newHasher());
    }

    @Override
    public boolean authenticates() {
        return true;
    }

    @Override
    public byte[] encode(String name, ObjectNode document) {
        return SealedJson.encode(document, bytes -> mac(name, bytes).hex());
    }

    @Override
    public void check(String name, JsonFields document) throws CorruptDataException {
        if (document.isAbsent("mac")) {
            throw new ForgedDocumentException(document.file(), "none");
        }
        byte[] found = document.id("mac").toBytes();
        byte[] expected =
                mac(name, SealedJson.authenticatedBytes(document.tree())).toBytes();
        if (!MessageDigest.isEqual(found, expected)) {
            throw new ForgedDocumentException(document.file(), "another, as of a file made without the key or renamed");
        }
    }

    /** Computes the MAC over the document's name, a zero byte and its bytes. */
    private ChunkId mac(String name, byte[] bytes) {
        Mac mac = Hkdf.mac(documents);
        mac.update(name.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) 0);
        return ChunkId.read(mac.doFinal(bytes), 0);
    }

    @Override
    public void close() {
        for (byte[] key : new byte[][] {master, dataIds, pageIds, data, documents}) {
            Arrays.fill(key, (byte) 0);
        }
    }
}
