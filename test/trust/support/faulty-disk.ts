/** A disk that fails when it is told to: the calls of one process that write fail with EIO while a file exists. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Only files whose path has `journal.db` in it are hit: the rest of the process has nothing to do with this. */
const SOURCE = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd) {
  const char *flag = getenv("FAULTY_DISK");
  if (!flag || access(flag, F_OK) != 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strstr(path, "journal.db") != NULL;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define FAIL if (fails(fd)) { errno = EIO; return -1; }

ssize_t pwrite64(int fd, const void *buffer, size_t count, off64_t offset) { REAL(pwrite64); FAIL return real(fd, buffer, count, offset); }
ssize_t pwrite(int fd, const void *buffer, size_t count, off_t offset) { REAL(pwrite); FAIL return real(fd, buffer, count, offset); }
ssize_t write(int fd, const void *buffer, size_t count) { REAL(write); FAIL return real(fd, buffer, count); }
int fsync(int fd) { REAL(fsync); FAIL return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); FAIL return real(fd); }
`

export interface FaultyDisk {
  /** Variables of the process that it is to hit. */
  readonly env: Readonly<Record<string, string>>
  /** It fails while this file exists. */
  readonly flag: string
}

/** Null: there is no compiler here, or this is not Linux. */
export function makeFaultyDisk(folder: string): FaultyDisk | null {
  if (process.platform !== 'linux') return null
  const source = join(folder, 'faulty-disk.c')
  const library = join(folder, 'faulty-disk.so')
  const flag = join(folder, 'faulty')
  writeFileSync(source, SOURCE)
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'ignore' })
    return { env: { LD_PRELOAD: library, FAULTY_DISK: flag }, flag }
  } catch {
    return null
  }
}
