/* The oldest of many files, with bounded memory: pure but for its own memory. */
#ifndef ROLEGATE_RECORDER_OLDEST_H
#define ROLEGATE_RECORDER_OLDEST_H

#include <stddef.h>
#include <stdint.h>

enum { OLDEST_MAX = 16384 };

struct oldest_file {
	char request[33];
	long long written; /* s */
	uint64_t bytes;
};

struct oldest {
	struct oldest_file *files; /* malloc'd, with room for `most`; a heap, the youngest first */
	size_t count, most;
};

/* 0, or -1: no memory. */
int oldest_open(struct oldest *oldest, size_t most);
/* Keeps it if it is one of the oldest so far. */
void oldest_add(struct oldest *oldest, const char *request, long long written, uint64_t bytes);
/* From the oldest on. Nothing may be added afterwards. */
void oldest_sort(struct oldest *oldest);
/* Of one that was never opened too, as long as it is all zero. */
void oldest_close(struct oldest *oldest);

#endif
