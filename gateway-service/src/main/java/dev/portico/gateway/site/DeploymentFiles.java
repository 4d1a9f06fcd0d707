package dev.portico.gateway.site;

import dev.portico.gateway.routing.BlobDigest;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.SiteFiles;
import dev.portico.gateway.routing.rules.SiteRules;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of one deployment, immutable. A look-up costs one hash of the path, whatever their
 * number. They stand in a few large arrays instead of one object per file: a path takes its own
 * UTF-8 bytes and about 60 more (a test holds that figure), so a million paths fit in 130 MB.
 */
public final class DeploymentFiles implements SiteFiles {
  private static final int CHUNK_BITS = 16;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  private static final int LENGTH_BYTES = 2;
  private static final int WORDS_PER_DIGEST = 4;
  private static final int ARRAY_HEADER = 16;
  private static final String ERROR_PAGE = "404.html";

  private final String deployment;
  private final Instant sealedAt;
  private final int count;
  // Chunk number and offset of each path: two bytes of length, then the path in UTF-8.
  private final int[] paths;
  private final byte[][] chunks;
  private final long[] digests;
  private final long[] sizes;
  private final int[] types;
  private final String[] typeNames;
  // Open addressing with linear probing: number of the file plus one, 0 for a free slot.
  private final int[] slots;
  private final SiteRules rules;
  // No folder whose path is longer (in UTF-8) has a 404.html: bounds the walk up the tree.
  private final int deepestErrorFolder;

  private DeploymentFiles(Builder builder, String deployment, Instant sealedAt) {
    this.deployment = deployment;
    this.sealedAt = sealedAt;
    this.count = builder.count;
    this.rules = builder.rules;
    this.paths = Arrays.copyOf(builder.paths, count);
    this.digests = Arrays.copyOf(builder.digests, count * WORDS_PER_DIGEST);
    this.sizes = Arrays.copyOf(builder.sizes, count);
    this.types = Arrays.copyOf(builder.types, count);
    this.typeNames = builder.typeNumbers.keySet().toArray(new String[0]);
    builder.typeNumbers.forEach((name, number) -> typeNames[number] = name);
    this.chunks = builder.trimmedChunks();
    this.deepestErrorFolder = builder.deepestErrorFolder;
    this.slots = new int[Integer.highestOneBit(Math.max(4, count + count / 2)) << 1];
    for (int file = 0; file < count; file++) {
      insert(file);
    }
  }

  private void insert(int file) {
    byte[] chunk = chunks[paths[file] >>> CHUNK_BITS];
    int offset = paths[file] & CHUNK_SIZE - 1;
    int length = length(chunk, offset);
    int mask = slots.length - 1;
    int slot = PathHash.of(chunk, offset + LENGTH_BYTES, length) & mask;
    while (slots[slot] != 0) {
      if (isAt(slots[slot] - 1, chunk, offset + LENGTH_BYTES, length)) {
        throw new IllegalArgumentException("a path stands twice in the manifest");
      }
      slot = slot + 1 & mask;
    }
    slots[slot] = file + 1;
  }

  private boolean isAt(int file, byte[] bytes, int from, int length) {
    byte[] chunk = chunks[paths[file] >>> CHUNK_BITS];
    int offset = paths[file] & CHUNK_SIZE - 1;
    int start = offset + LENGTH_BYTES;
    return length(chunk, offset) == length
        && Arrays.equals(chunk, start, start + length, bytes, from, from + length);
  }

  private static int length(byte[] chunk, int offset) {
    return (chunk[offset] & 0xff) << Byte.SIZE | (chunk[offset + 1] & 0xff);
  }

  /** The deployment's id. */
  public String deployment() {
    return deployment;
  }

  /** When the deployment was sealed: no file of it changed later. */
  public Instant sealedAt() {
    return sealedAt;
  }

  /** How many files there are. */
  public int count() {
    return count;
  }

  /** What the deployment says about how its paths are answered. */
  public SiteRules rules() {
    return rules;
  }

  @Override
  public @Nullable SiteFile find(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    int mask = slots.length - 1;
    int slot = PathHash.of(bytes, 0, bytes.length) & mask;
    while (slots[slot] != 0) {
      int file = slots[slot] - 1;
      if (isAt(file, bytes, 0, bytes.length)) {
        return file(file, path);
      }
      slot = slot + 1 & mask;
    }
    return null;
  }

  private SiteFile file(int file, String path) {
    int word = file * WORDS_PER_DIGEST;
    BlobDigest digest =
        new BlobDigest(digests[word], digests[word + 1], digests[word + 2], digests[word + 3]);
    return new SiteFile(path, digest, sizes[file], typeNames[types[file]]);
  }

  @Override
  public @Nullable SiteFile nearestErrorPage(String path) {
    int slash = path.lastIndexOf('/', deepestErrorFolder - 1);
    while (slash >= 0) {
      SiteFile page = find(path.substring(0, slash + 1) + ERROR_PAGE);
      if (page != null) {
        return page;
      }
      slash = path.lastIndexOf('/', slash - 1);
    }
    return null;
  }

  /** What this object keeps in memory, in bytes: its arrays, counted, and its rules. */
  public long footprint() {
    long bytes = 128 + 6 * ARRAY_HEADER;
    for (byte[] chunk : chunks) {
      bytes += ARRAY_HEADER + chunk.length + Integer.BYTES;
    }
    for (String type : typeNames) {
      bytes += 64 + type.length();
    }
    return bytes
        + rules.footprint()
        + (long) Integer.BYTES * (paths.length + types.length + slots.length)
        + (long) Long.BYTES * (digests.length + sizes.length);
  }

  /** Collects files in any order. */
  static final class Builder {
    private static final int FIRST_CAPACITY = 16;
    private static final int MAXIMUM = Integer.MAX_VALUE / WORDS_PER_DIGEST / 2;

    private int count;
    private int[] paths = new int[FIRST_CAPACITY];
    private long[] digests = new long[FIRST_CAPACITY * WORDS_PER_DIGEST];
    private long[] sizes = new long[FIRST_CAPACITY];
    private int[] types = new int[FIRST_CAPACITY];
    private final Map<String, Integer> typeNumbers = new HashMap<>();
    private byte[][] chunks = new byte[4][];
    private int chunkCount;
    private int chunkUsed = CHUNK_SIZE;
    private int deepestErrorFolder;
    private SiteRules rules = SiteRules.NONE;

    /** Says how paths are answered. */
    Builder rules(SiteRules said) {
      this.rules = said;
      return this;
    }

    /**
     * Adds a file.
     *
     * @throws IllegalArgumentException when the path cannot be one, or there are too many
     */
    Builder add(String path, BlobDigest digest, long size, String type) {
      byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
      if (!path.startsWith("/") || size < 0 || bytes.length + LENGTH_BYTES > CHUNK_SIZE) {
        throw new IllegalArgumentException("invalid path or size in the manifest");
      }
      if (count == MAXIMUM) {
        throw new IllegalArgumentException("too many files in the manifest");
      }
      if (count == paths.length) {
        grow();
      }
      paths[count] = store(bytes);
      digests[count * WORDS_PER_DIGEST] = digest.first();
      digests[count * WORDS_PER_DIGEST + 1] = digest.second();
      digests[count * WORDS_PER_DIGEST + 2] = digest.third();
      digests[count * WORDS_PER_DIGEST + 3] = digest.fourth();
      sizes[count] = size;
      types[count] = typeNumbers.computeIfAbsent(type, name -> typeNumbers.size());
      if (path.endsWith('/' + ERROR_PAGE)) {
        deepestErrorFolder = Math.max(deepestErrorFolder, bytes.length - ERROR_PAGE.length());
      }
      count++;
      return this;
    }

    private void grow() {
      int capacity = paths.length + (paths.length >> 1);
      paths = Arrays.copyOf(paths, capacity);
      digests = Arrays.copyOf(digests, capacity * WORDS_PER_DIGEST);
      sizes = Arrays.copyOf(sizes, capacity);
      types = Arrays.copyOf(types, capacity);
    }

    private int store(byte[] path) {
      if (chunkUsed + LENGTH_BYTES + path.length > CHUNK_SIZE) {
        trimLast();
        if (chunkCount == chunks.length) {
          chunks = Arrays.copyOf(chunks, chunkCount * 2);
        }
        chunks[chunkCount++] = new byte[CHUNK_SIZE];
        chunkUsed = 0;
      }
      byte[] chunk = chunks[chunkCount - 1];
      int offset = chunkUsed;
      chunk[offset] = (byte) (path.length >>> Byte.SIZE);
      chunk[offset + 1] = (byte) path.length;
      System.arraycopy(path, 0, chunk, offset + LENGTH_BYTES, path.length);
      chunkUsed += LENGTH_BYTES + path.length;
      return (chunkCount - 1) << CHUNK_BITS | offset;
    }

    private void trimLast() {
      if (chunkCount > 0) {
        chunks[chunkCount - 1] = Arrays.copyOf(chunks[chunkCount - 1], chunkUsed);
      }
    }

    private byte[][] trimmedChunks() {
      trimLast();
      return Arrays.copyOf(chunks, chunkCount);
    }

    /**
     * Makes the deployment; the builder cannot be used again.
     *
     * @throws IllegalArgumentException when a path was added twice
     */
    DeploymentFiles build(String deployment, Instant sealedAt) {
      return new DeploymentFiles(this, deployment, sealedAt);
    }
  }
}
