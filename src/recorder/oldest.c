#include "recorder/oldest.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int oldest_open(struct oldest *oldest, size_t most)
{
	*oldest = (struct oldest){.files = calloc(most, sizeof(*oldest->files)), .most = most};
	return oldest->files == NULL ? -1 : 0;
}

static void swap(struct oldest_file *one, struct oldest_file *other)
{
	struct oldest_file kept = *one;

	*one = *other;
	*other = kept;
}

static void rise(struct oldest_file *files, size_t at)
{
	for (; at > 0 && files[at].written > files[(at - 1) / 2].written; at = (at - 1) / 2)
		swap(&files[at], &files[(at - 1) / 2]);
}

static void sink(struct oldest_file *files, size_t count)
{
	for (size_t at = 0, child; (child = 2 * at + 1) < count; at = child) {
		if (child + 1 < count && files[child + 1].written > files[child].written)
			child++;
		if (files[child].written <= files[at].written)
			break;
		swap(&files[at], &files[child]);
	}
}

void oldest_add(struct oldest *oldest, const char *request, long long written, uint64_t bytes)
{
	bool full = oldest->count == oldest->most;
	struct oldest_file *place = &oldest->files[full ? 0 : oldest->count];

	if (full && written >= place->written)
		return;
	memcpy(place->request, request, sizeof(place->request));
	place->written = written;
	place->bytes = bytes;
	if (full)
		sink(oldest->files, oldest->count);
	else
		rise(oldest->files, oldest->count++);
}

static int by_time(const void *one, const void *other)
{
	const struct oldest_file *a = one, *b = other;

	return (a->written > b->written) - (a->written < b->written);
}

void oldest_sort(struct oldest *oldest)
{
	if (oldest->count > 1)
		qsort(oldest->files, oldest->count, sizeof(*oldest->files), by_time);
}

void oldest_close(struct oldest *oldest)
{
	free(oldest->files);
	*oldest = (struct oldest){.files = NULL};
}
