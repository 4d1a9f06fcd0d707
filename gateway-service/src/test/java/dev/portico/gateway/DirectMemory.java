package dev.portico.gateway;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** How much memory outside the heap is in use. */
final class DirectMemory {
  private DirectMemory() {}

  static long used() {
    long netty = Math.max(0, io.netty.util.internal.PlatformDependent.usedDirectMemory());
    return netty
        + ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
  }
}
