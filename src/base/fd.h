/* Descriptors that close themselves, and reads and writes that finish. */
#ifndef ROLEGATE_FD_H
#define ROLEGATE_FD_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"

/* `_cleanup_fd_ int fd = open(…)`: closed at the end of the scope if it is not negative. */
void fd_close(int *fd);
#define _cleanup_fd_ __attribute__((cleanup(fd_close)))

/* The value of `*fd`, which becomes -1: ownership goes to the caller. */
int fd_take(int *fd);

/*
 * What to read the names in `name` below `directory` from ("." for itself), with a position of its
 * own; the last part of the path is no link. NULL and errno. `_cleanup_list_ DIR *list` is closed
 * at the end of the scope.
 */
DIR *fd_list(int directory, const char *name);
void fd_list_close(DIR **list);
#define _cleanup_list_ __attribute__((cleanup(fd_list_close)))

/* 0 when all was written, else -1 and errno. EINTR is retried. */
int fd_write_all(int fd, const void *bytes, size_t length);

/*
 * The rest of the file, NUL-terminated in the arena, at most `limit` bytes (EFBIG above that).
 * Sets *length. NULL and errno on failure.
 */
char *fd_read_all(struct arena *arena, int fd, size_t limit, size_t *length);

/* A small file as fd_read_all(), by path: for /proc. */
char *fd_read_file(struct arena *arena, const char *path, size_t limit, size_t *length);

/*
 * A file in memory with these bytes, sealed, so that nobody can change one any more; opened for
 * reading alone, at its start, for whoever gets the descriptor. `name` is for /proc. -1 and errno.
 */
int fd_sealed(const char *name, const void *bytes, size_t length);
/* The same, to be executed by everybody and read by nobody but who has the descriptor. */
int fd_sealed_program(const char *name, const void *bytes, size_t length);
/* Whether it is one of these. */
bool fd_is_sealed(int fd);

/*
 * Descriptors 0 to 2 are to be the streams and nothing else, whoever started us without them: 0, or
 * -1 and errno.
 */
int fd_fill_streams(void);

#endif
