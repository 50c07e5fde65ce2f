/* Loaded before the C library (LD_PRELOAD): the Nth call that changes a file fails, as the environment says.
 *
 *   FAULT=kill:N   the process is killed in the Nth such call; of what it was to write, half is written.
 *   FAULT=full:N   from the Nth such call on, the disk is full: half is written, then nothing more.
 *   FAULT_HIT=PATH made when it came to that, so that whoever counts upwards knows when to stop.
 *
 * Writes to pipes, terminals and devices do not count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

/* How many calls there were: 0 before the fault, 1 at it, 2 after it. */
static int state(void) {
    const char *fault = getenv("FAULT");
    if (!fault || !strchr(fault, ':')) return 0;
    long at = atol(strchr(fault, ':') + 1), now = atomic_fetch_add(&calls, 1) + 1;
    return now < at ? 0 : now == at ? 1 : 2;
}

static int kills(void) {
    const char *fault = getenv("FAULT");
    return fault && strncmp(fault, "kill", 4) == 0;
}

static void hit(void) {
    const char *path = getenv("FAULT_HIT");
    if (path) {
        int fd = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (fd >= 0) syscall(SYS_close, fd);
    }
    if (kills()) {
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
        for (;;) pause();
    }
}

static int plain(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* For a call that either happens or does not. */
#define WHOLE(result, name, parameters, arguments)                                                                     \
    result name parameters {                                                                                           \
        REAL(name);                                                                                                    \
        if (state() == 0) return real arguments;                                                                       \
        hit();                                                                                                         \
        errno = ENOSPC;                                                                                                \
        return -1;                                                                                                     \
    }

WHOLE(int, rename, (const char *from, const char *to), (from, to))
WHOLE(int, link, (const char *from, const char *to), (from, to))
WHOLE(int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
WHOLE(int, mkdir, (const char *path, mode_t mode), (path, mode))
WHOLE(int, fsync, (int fd), (fd))
WHOLE(int, fdatasync, (int fd), (fd))
WHOLE(int, ftruncate, (int fd, off_t length), (fd, length))
WHOLE(int, ftruncate64, (int fd, off64_t length), (fd, length))

/* For a call that may do a part of it. */
#define PARTLY(name, parameters, all, half)                                                                            \
    ssize_t name parameters {                                                                                          \
        REAL(name);                                                                                                    \
        int now = plain(fd) ? state() : 0;                                                                             \
        if (now == 0) return real all;                                                                                 \
        ssize_t done = now == 1 && count > 1 ? real half : -1;                                                         \
        hit();                                                                                                         \
        if (done < 0) errno = ENOSPC;                                                                                  \
        return done;                                                                                                   \
    }

PARTLY(write, (int fd, const void *bytes, size_t count), (fd, bytes, count), (fd, bytes, count / 2))
PARTLY(pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at), (fd, bytes, count / 2, at))
PARTLY(pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at), (fd, bytes, count / 2, at))

#define OPENS(name)                                                                                                    \
    int name(const char *path, int flags, ...) {                                                                       \
        REAL(name);                                                                                                    \
        mode_t mode = 0;                                                                                               \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                                           \
            va_list more;                                                                                              \
            va_start(more, flags);                                                                                     \
            mode = va_arg(more, mode_t);                                                                               \
            va_end(more);                                                                                              \
        }                                                                                                              \
        if ((flags & O_CREAT) && state() != 0) {                                                                       \
            hit();                                                                                                     \
            errno = ENOSPC;                                                                                            \
            return -1;                                                                                                 \
        }                                                                                                              \
        return real(path, flags, mode);                                                                                \
    }

OPENS(open)
OPENS(open64)
