/*
 * Memory that is given back all at once. A policy lives in one arena and is never changed after
 * arena_seal(); a request has one of its own.
 *
 * Running out of memory does not return: the process says so and exits 125. A session that dies
 * has run nothing, and a loader that dies leaves the running configuration as it was.
 */
#ifndef ROLEGATE_ARENA_H
#define ROLEGATE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A private arena that grows on demand. Free with arena_free(). */
struct arena *arena_new(void);

/*
 * An arena in one MAP_SHARED region of at most `limit` bytes: a forked child writes into it and
 * the parent reads the result at the same addresses, and a later fork copies no page tables for
 * it. NULL and errno if the region can't be mapped. Only touched pages cost memory.
 */
struct arena *arena_new_shared(size_t limit);

/* Makes a shared arena read-only, for this process. 0, or -1 and errno. */
int arena_seal(struct arena *arena);

void arena_free(struct arena *arena);

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

/* Zeroed, aligned for any type; a zero `size` gives a unique pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* `count` objects of `size` bytes, zeroed; the product is checked for overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

/*
 * Room for one more element in an array that grows in an arena: `items` has `count` elements of
 * `size` bytes; returns the array, moved if it had to grow, whose element `count` is zeroed and
 * free to use. The caller counts. (Capacity is the next power of two of `count`.)
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t size);

#endif
