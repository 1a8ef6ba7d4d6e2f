/*
 * A process under observation, as /proc shows it while one of its calls waits. Reads only; what it
 * says is no better than the process' own word.
 */
#ifndef ROLEGATE_TRIAL_SUBJECT_H
#define ROLEGATE_TRIAL_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

/* `length` bytes at `address`: how many could be read. */
size_t subject_memory(pid_t thread, uint64_t address, void *bytes, size_t length);
/* A string at `address` of at most PATH_MAX bytes, in `arena`; NULL: there is none. */
char *subject_string(struct arena *arena, pid_t thread, uint64_t address);

/* What /proc/THREAD/`name` links to, such as "cwd" or "fd/3"; NULL: nothing with a path. */
char *subject_link(struct arena *arena, pid_t thread, const char *name);

/*
 * The canonical path that a call names: from `directory` (AT_FDCWD, or a descriptor), links
 * resolved but for the last where `follow` is false. The last component need not exist. NULL: the
 * path can't be known.
 */
char *subject_path(struct arena *arena, pid_t thread, int directory, const char *path, bool follow);

/* The process of a thread; 0: gone. */
pid_t subject_process(pid_t thread);

/*
 * The children of all threads of a process, in `arena`; where the kernel does not list them
 * (CONFIG_PROC_CHILDREN), none.
 */
pid_t *subject_children(struct arena *arena, pid_t process, size_t *count);

struct subject_size {
	unsigned threads;
	unsigned descriptors;	   /* the highest number and one */
	uint64_t memory;	   /* bytes, the most so far */
	uint32_t uids[4], gids[4]; /* real, effective, saved, file system */
	uint64_t capabilities;	   /* effective */
};

/* False: it is gone. One that only waits to be waited for is not. */
bool subject_measure(pid_t process, struct subject_size *size);

#endif
